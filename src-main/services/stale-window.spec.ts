import sharp from 'sharp';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EngineClient } from '../engine/client/engine-client.ts';
import type { Store } from '../store/store.ts';
import { addImages, temporaryStore } from '../test/store.ts';
import { openAnnotation } from './annotation/annotation.ts';
import { openDatasets } from './datasets/datasets.ts';
import { openRuns } from './runs/runs.ts';
import { openSessions } from './sessions/sessions.ts';
import { openSettings } from './settings/settings.ts';

const signal = new AbortController().signal;
const engine = new EngineClient();
let temporary: ReturnType<typeof temporaryStore>;
let store: Store;

beforeEach(() => {
  temporary = temporaryStore();
  store = temporary.store;
});
afterEach(() => temporary.dispose());
afterAll(() => engine.close());

const noRecipes = { decisions: async () => ({ decisions: [] }) };
const open = { blind: false, heatmapHidden: false };
const definition = { extractor: 'colors', statistic: 'fca', reference: 'median', patchSize: 9 };

/** Adds a dataset of one image with a session and a run, as a window may display them. */
async function held(name: string) {
  const { dataset, images } = addImages(store, [{}], name);
  const method = store.methods.upsertDefinition(definition, 'ours').id;
  const session = await openSessions(store, noRecipes).create(
    { ...open, dataset, operator: name, method: null, filter: '', images },
    signal,
  );
  const run = store.runs.add({ dataset, classes: null, provider: 'cpu' }, [], 'nobody');
  return { dataset, image: images[0], method, session: session.id, run };
}

/** All rows of user data. */
const kept = () =>
  ['revisions', 'verdicts', 'sessions', 'thresholds', 'runs', 'run_items', 'datasets', 'images'].map(
    (table) => store.database.prepare(`SELECT * FROM ${table}`).all(),
  );

describe('a window with stale data', () => {
  it('cannot use removed objects, and changes nothing newer', async () => {
    const stale = await held('Ada');
    store.datasets.remove(stale.dataset);
    const fresh = await held('Bob');
    for (const name of ['dataset', 'image', 'session', 'run'] as const)
      expect(fresh[name], name).toBeGreaterThan(stale[name]);
    expect(fresh.method).toBe(stale.method);

    const sessions = openSessions(store, noRecipes);
    const annotation = openAnnotation(store, engine);
    const settings = openSettings(store);
    const datasets = openDatasets(store, engine);
    const runs = openRuns(store, engine);
    const { dataset, image, session, run, method } = stale;
    const png = await sharp({ create: { width: 32, height: 24, channels: 3, background: 'white' } })
      .toColourspace('b-w')
      .png()
      .toBuffer();
    const before = kept();
    const verdict = { image, verdict: 'reject', defectType: '', note: '' } as const;
    const calls: Record<string, () => unknown> = {
      'a verdict': () => sessions.setVerdict({ session, ...verdict }, signal),
      'an undo': () => sessions.undo({ session }, signal),
      'an end': () => sessions.finish({ session }, signal),
      'a new start': () => sessions.reopen({ session }, signal),
      'a removed session': () => sessions.remove({ session }, signal),
      'a session of images that no longer exist': () =>
        sessions.create(
          { ...open, dataset, operator: 'Ada', method: null, filter: '', images: [image] },
          signal,
        ),
      'a drawn mask': () =>
        annotation.save(
          {
            image,
            author: 'Ada',
            base: 0,
            png: (async function* () {
              yield png;
            })(),
          },
          signal,
        ),
      'a mark': () => annotation.mark({ image, author: 'Ada', groundTruth: 'normal' }, signal),
      'a restored revision': () => annotation.restore({ image, author: 'Ada', revision: 1 }, signal),
      'a threshold': () =>
        settings.setThreshold({ dataset, method, textureClass: 'linen', score: 1 }, signal),
      'a name': async () => datasets.rename({ dataset, name: 'other' }, signal),
      'a removed dataset': async () => datasets.remove({ dataset }, signal),
      'a paused run': () => runs.pause({ run }, signal),
      'a resumed run': () => runs.resume({ run }, signal),
      'a canceled run': () => runs.cancel({ run }, signal),
      'a retried run': () => runs.retry({ run }, signal),
      'a removed run': () => runs.remove({ run }, signal),
      'a new run': () => runs.start({ dataset, methods: [method], provider: 'cpu' }, signal),
    };
    for (const [name, call] of Object.entries(calls))
      await expect((async () => call())(), name).rejects.toMatchObject({
        code: expect.stringMatching(/^(NOT_FOUND|NO_IMAGES)$/),
      });
    // A removed image does not belong to an existing session.
    await expect(sessions.setVerdict({ session: fresh.session, ...verdict }, signal)).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
    });
    await runs.prioritize({ images: [image] }, signal);
    expect(kept()).toEqual(before);
    runs.close();
  });

  it('gets an error if an image is removed while its mask is being saved', async () => {
    const { image, dataset } = await held('Ada');
    store.datasets.remove(dataset);
    const revision = {
      image,
      groundTruth: 'normal',
      mask: null,
      author: 'Ada',
      source: 'drawn',
      pixels: 0,
    } as const;
    expect(() => store.revisions.add(revision)).toThrow(expect.objectContaining({ code: 'NOT_FOUND' }));
    expect(() => store.thresholds.set(dataset, 1, 'linen', 1)).toThrow(
      expect.objectContaining({
        code: 'NOT_FOUND',
        message: expect.stringMatching(/Another window or process removed/),
      }),
    );
  });

  it('gets a conflict, not a damaged store, if another process was faster', () => {
    addImages(store, [{}], 'Ada');
    const insert = () =>
      store.transaction(() =>
        store.database.exec(
          "INSERT INTO datasets (name, layout, root, ignore_border, created_at) VALUES ('Ada', 'folder', '/x', 0, 't')",
        ),
      );
    expect(insert).toThrow(expect.objectContaining({ code: 'CONFLICT' }));
  });
});
