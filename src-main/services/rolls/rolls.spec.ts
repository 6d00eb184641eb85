import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { EngineClient } from '../../engine/client/engine-client.ts';
import type { Store } from '../../store/store.ts';
import { addImages, temporaryStore } from '../../test/store.ts';
import { openSettings } from '../settings/settings.ts';
import type { Services } from '../types.ts';
import { openRolls } from './rolls.ts';

let temporary: ReturnType<typeof temporaryStore>;
let store: Store;
let rolls: Services['rolls'];
let dataset: number;
let images: number[];
const { signal } = new AbortController();
const failure = (code: string, message = '') =>
  expect.objectContaining({ code, message: expect.stringContaining(message) as string }) as Error;
const details = {
  article: 'Twill 240',
  lot: 'L-7',
  direction: 'down',
  scale: { across: 0.2, along: 0.25 },
} as const;

beforeEach(() => {
  temporary = temporaryStore();
  ({ store } = temporary);
  rolls = openRolls({
    store,
    engine: {} as EngineClient,
    runs: {} as Services['runs'],
    settings: openSettings(store),
  });
  ({ dataset, images } = addImages(store, [{ width: 64, height: 512 }, {}]));
  store.rolls.put(images[0], details);
});
afterEach(() => temporary.dispose());

describe('a roll', () => {
  it('is an image with an article, a lot, a direction and a scale', async () => {
    const expected = {
      image: images[0],
      dataset,
      textureClass: 'linen',
      name: 'test/hole/0.png',
      ...details,
      widthPixels: 64,
      lengthPixels: 512,
      frames: 1,
      inspectedAt: null,
    };
    expect(await rolls.list({}, signal)).toMatchObject({ rolls: [expected] });
    expect(await rolls.list({ dataset }, signal)).toMatchObject({ rolls: [expected] });
    expect(await rolls.get({ image: images[0] }, signal)).toMatchObject({
      roll: expected,
      frames: [{ name: 'test/hole/0.png', offset: 0, length: 512, sha256: 'f'.repeat(64) }],
    });
    await expect(async () => rolls.get({ image: images[1] }, signal)).rejects.toThrow(failure('NOT_FOUND'));
    await expect(async () => rolls.list({ dataset: 99 }, signal)).rejects.toThrow(failure('NOT_FOUND'));
  });

  it('keeps what a change leaves out, and turns with its direction', async () => {
    expect(await rolls.update({ image: images[0], lot: 'L-8', direction: 'right' }, signal)).toMatchObject({
      article: 'Twill 240',
      lot: 'L-8',
      scale: details.scale,
      widthPixels: 512,
      lengthPixels: 64,
    });
    expect((await rolls.update({ image: images[0], scale: null }, signal)).scale).toBeNull();
  });

  it('has the frames of its folder', async () => {
    const frames = [0, 1, 2].map((index) => ({
      name: `${index}.png`,
      offset: index * 100,
      length: 100,
      sha256: String(index),
    }));
    store.rolls.setFrames(images[0], frames);
    store.rolls.setFrames(images[0], frames.slice(0, 2));
    expect(await rolls.get({ image: images[0] }, signal)).toMatchObject({
      roll: { frames: 2 },
      frames: frames.slice(0, 2),
    });
  });

  it('is an ordinary image after its removal, without assessments', async () => {
    await rolls.assess(
      { image: images[0], defect: '3,4', kind: 'hole', reason: '', operator: 'Åsa' },
      signal,
    );
    await rolls.remove({ image: images[0] }, signal);
    expect(await rolls.list({}, signal)).toEqual({ rolls: [] });
    store.rolls.put(images[0], details);
    expect(await rolls.assessments({ image: images[0] }, signal)).toEqual({ assessments: [] });
  });

  it('is removed with its dataset', async () => {
    await rolls.assess(
      { image: images[0], defect: '3,4', kind: 'hole', reason: '', operator: 'Åsa' },
      signal,
    );
    store.rolls.setFrames(images[0], [{ name: 'a', offset: 0, length: 512, sha256: 'a' }]);
    store.datasets.remove(dataset);
    for (const table of ['rolls', 'roll_frames', 'roll_assessments'])
      expect(store.database.prepare(`SELECT count(*) FROM ${table}`).pluck().get(), table).toBe(0);
  });
});

describe('an assessment', () => {
  const assess = async (assessment: object) =>
    rolls.assess({ image: images[0], defect: '3,4', reason: '', operator: 'Åsa', ...assessment }, signal);

  it('keeps what it leaves out, and earlier ones stay', async () => {
    await assess({ verdict: 'reject', kind: 'hole' });
    await assess({ points: 2, reason: 'mended' });
    expect(await assess({ kind: 'knot', operator: 'Bo' })).toMatchObject({
      verdict: 'reject',
      kind: 'knot',
      points: 2,
      reason: 'mended',
      operator: 'Bo',
    });
    expect(await assess({ defect: '9,9', verdict: 'accept' })).toMatchObject({ kind: '', points: null });
    const { assessments } = await rolls.assessments({ image: images[0] }, signal);
    expect(assessments.map(({ defect, verdict, kind, points }) => [defect, verdict, kind, points])).toEqual([
      ['3,4', 'reject', 'hole', null],
      ['3,4', 'reject', 'hole', 2],
      ['3,4', 'reject', 'knot', 2],
      ['9,9', 'accept', '', null],
    ]);
  });

  it('needs a reason for corrected points, and none to return to those of the rule', async () => {
    await expect(assess({ points: 2, reason: ' ' })).rejects.toThrow(failure('INVALID_ARGUMENT', 'reason'));
    await assess({ points: 2, reason: 'mended' });
    expect(await assess({ points: null })).toMatchObject({ points: null, reason: '' });
  });

  it('is refused outside the roll, and on an image that is not a roll', async () => {
    await expect(assess({ defect: '64,4' })).rejects.toThrow(failure('INVALID_ARGUMENT', '64 x 512'));
    await expect(assess({ image: images[1] })).rejects.toThrow(failure('NOT_FOUND'));
  });
});
