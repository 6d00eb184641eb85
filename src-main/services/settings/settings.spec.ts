import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { keptBytes } from '../../files/derived-files/kept-bytes.ts';
import { PIXEL_FILES_FOLDER } from '../../files/large-image-folders.ts';
import type { ServiceOf } from '../../common/api/service.ts';
import { settings as schema, type settingsProcedures } from '../../common/api/settings.ts';
import { Store } from '../../store/store.ts';
import { addImages, temporaryStore } from '../../test/store.ts';
import { openSettings } from './settings.ts';

const signal = new AbortController().signal;
let temporary: ReturnType<typeof temporaryStore>;
let settings: ServiceOf<typeof settingsProcedures>;

beforeEach(() => {
  temporary = temporaryStore();
  settings = openSettings(temporary.store);
});
afterEach(() => temporary.dispose());

describe('settings', () => {
  it('have their defaults until they are changed, and persist after a restart', async () => {
    expect(await settings.get(undefined, signal)).toEqual({
      operator: '',
      theme: 'dark',
      provider: 'auto',
      autoAdvance: true,
      alarmSound: false,
      units: 'mm',
      gradingRule: 'four-point',
      decodedGigabytes: 16,
      queue: '',
      queueAddress: '',
    });
    await settings.change({ operator: 'Åsa' }, signal);
    expect(await settings.change(schema.partial().parse({ theme: 'light' }), signal)).toMatchObject({
      operator: 'Åsa',
      theme: 'light',
    });
    const again = new Store(temporary.home);
    expect(await openSettings(again).get(undefined, signal)).toMatchObject({
      operator: 'Åsa',
      theme: 'light',
    });
    again.close();
  });

  it('limit the decoded images, where the engine reads it', async () => {
    await settings.change({ decodedGigabytes: 40 }, signal);
    expect(await keptBytes(join(temporary.home, PIXEL_FILES_FOLDER))).toBe(40 * 2 ** 30);
  });

  it('of another version are ignored', async () => {
    temporary.store.settings.set({ theme: 'sepia', operator: 'Ada', font: 3 });
    expect(await settings.get(undefined, signal)).toEqual({
      operator: 'Ada',
      theme: 'dark',
      provider: 'auto',
      autoAdvance: true,
      alarmSound: false,
      units: 'mm',
      gradingRule: 'four-point',
      decodedGigabytes: 16,
      queue: '',
      queueAddress: '',
    });
  });
});

describe('thresholds', () => {
  it('are set per class and method, and can be removed', async () => {
    const { dataset } = addImages(temporary.store, [{}, { textureClass: 'silk' }]);
    const method = temporary.store.methods.upsertImported('anomalib').id;
    const of = { dataset, method };
    const set = (textureClass: string, score: number | null) =>
      settings.setThreshold({ ...of, textureClass, score }, signal);
    await set('silk', 0.5);
    await set('linen', 0.25);
    await set('silk', 0.75);
    expect((await settings.thresholds(of, signal)).thresholds).toEqual([
      { textureClass: 'linen', score: 0.25 },
      { textureClass: 'silk', score: 0.75 },
    ]);
    await set('silk', null);
    expect((await settings.thresholds(of, signal)).thresholds).toHaveLength(1);
  });

  it('are refused for an unknown class or method', async () => {
    const { dataset } = addImages(temporary.store, [{}]);
    const threshold = { textureClass: 'linen', score: 1 };
    await expect(settings.setThreshold({ dataset, method: 9, ...threshold }, signal)).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
    const method = temporary.store.methods.upsertImported('anomalib').id;
    const elsewhere = { dataset, method, textureClass: 'silk', score: 1 };
    await expect(async () => settings.setThreshold(elsewhere, signal)).rejects.toMatchObject({
      code: 'NOT_FOUND',
      message: expect.stringMatching(/no longer in the dataset/),
    });
  });
});
