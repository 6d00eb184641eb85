import { rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { PerchError } from '../../common/api/errors.ts';
import type { Run, RunEvent } from '../../common/api/runs.ts';
import type { AnyMethod } from '../../common/api/schemas.ts';
import { readNpy } from '../../common/maps/npy.ts';
import type { Store } from '../../store/store.ts';
import { temporaryStore } from '../../test/store.ts';
import { listClassSamples } from '../evaluation/class-samples.ts';
import { openRuns } from './runs.ts';
import { addCloth, noisyPng, quickMethods } from './test/cloth.ts';
import { HeldEngine } from './test/held-engine.ts';

const { signal } = new AbortController();
let temporary: ReturnType<typeof temporaryStore>;
let store: Store;
const engine = new HeldEngine();
let runs: ReturnType<typeof openRuns>;
let methods: number[];

beforeEach(() => {
  temporary = temporaryStore();
  store = temporary.store;
  runs = openRuns(store, engine);
  methods = quickMethods.map((method, at) => store.methods.upsertDefinition(method, `quick ${at}`).id);
});
afterEach(async () => {
  runs.close();
  await temporary.dispose();
});
afterAll(() => engine.close());

const cloth = (images: number, train = 0) =>
  addCloth(store, join(temporary.home, `cloth ${images}`), { images, train });
const start = (dataset: number, given: { methods?: number[]; classes?: string[]; images?: number[] } = {}) =>
  runs.start({ dataset, methods, provider: 'cpu', ...given }, signal);

/** Waits until a run meets the condition. @returns the run and all events up to then */
async function until(run: Run, is: (run: Run) => boolean): Promise<{ run: Run; events: RunEvent[] }> {
  const stop = new AbortController();
  const events: RunEvent[] = [];
  try {
    for await (const event of await runs.watch(undefined, stop.signal)) {
      events.push(event);
      const now = event.type === 'runs' ? event.runs.find(({ id }) => id === run.id) : undefined;
      if (now && is(now)) return { run: now, events };
    }
  } finally {
    stop.abort();
  }
  throw new Error('The run events have ended.');
}
const ended = (run: Run) => until(run, ({ state }) => state === 'done');

/** Starts a run and holds the engine after this number of items. */
async function startAndHold(dataset: number, done: number): Promise<Run> {
  engine.holdAfter(done);
  const { run } = await until(await start(dataset), ({ counts }) => counts.done === done);
  return run;
}

describe('a class without the images that a method compares with', () => {
  const normal: AnyMethod = { ...quickMethods[1], normal: true } as AnyMethod;

  async function jute(dataset: number): Promise<void> {
    for (const { id } of store.images.listByClass(dataset, 'linen').slice(0, 2))
      store.database.prepare("UPDATE images SET texture_class = 'jute' WHERE id = ?").run(id);
  }

  it('is skipped with the reason, and the other classes and methods are run', async () => {
    const { dataset } = await cloth(5, 1);
    await jute(dataset);
    const compared = store.methods.upsertDefinition(normal, 'normal').id;
    const definitions = [quickMethods[0], normal];
    const { estimates } = await runs.estimate({ dataset, definitions }, signal);
    const skipped = { classes: ['jute'], reason: expect.stringContaining('no normal training images') };
    expect(estimates).toMatchObject([
      { images: 5, skipped: null },
      { images: 3, skipped },
    ]);
    const started = await start(dataset, { methods: [methods[0], compared] });
    expect(started).toMatchObject({ total: 8, skipped: [{ method: compared, ...skipped }] });
    expect((await ended(started)).run).toMatchObject({ counts: { done: 8 }, skipped: started.skipped });
  });

  it('refuses a run in which nothing is left', async () => {
    const { dataset } = await cloth(3);
    const compared = store.methods.upsertDefinition(normal, 'normal').id;
    await expect(start(dataset, { methods: [compared] })).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
      message: expect.stringMatching(/"normal" cannot inspect the class "linen".*no normal training images/),
    });
  });
});

describe('a store that cannot be written', () => {
  it('is reported to the listeners of a run, which resumes when the store can be written', async () => {
    const { dataset } = await cloth(3);
    const run = await startAndHold(dataset, 1);
    const full = () => {
      throw new PerchError('DISK_FULL', 'The disk is full.');
    };
    const spies = [
      vi.spyOn(store.runItems, 'settle'),
      vi.spyOn(store.runItems, 'claim'),
      vi.spyOn(store.runs, 'renewLeases'),
    ];
    for (const spy of spies) spy.mockImplementation(full);
    engine.letGo();
    for await (const event of await runs.watch(undefined, signal)) {
      if (event.type === 'halted') {
        expect(event.error.code).toBe('DISK_FULL');
        break;
      }
    }
    for (const spy of spies) spy.mockRestore();
    expect((await ended(run)).run.counts.done).toBe(6);
  });
});

describe('a run', () => {
  it('covers only the selected images', async () => {
    const { dataset, images } = await cloth(3);
    const { run } = await ended(await start(dataset, { images: [images[1]], methods: [methods[0]] }));
    expect(run).toMatchObject({ total: 1, counts: { done: 1 } });
    const { results } = await runs.results({ dataset, method: methods[0] }, signal);
    expect(results.map(({ image }) => image)).toEqual([images[1]]);
  });

  it('covers the test images, or those of another split', async () => {
    const { dataset, images } = await cloth(2, 1);
    const total = async (split?: 'train' | 'all') => {
      const { total, id } = await runs.start(
        { dataset, methods: [methods[0]], provider: 'cpu', ...(split && { split }) },
        signal,
      );
      await runs.cancel({ run: id }, signal);
      return total;
    };
    engine.holdAfter(0);
    expect([await total(), await total('train'), await total('all')]).toEqual([2, 1, 3]);
    engine.letGo();
    const training = store.images.listByDataset(dataset).find(({ split }) => split === 'train');
    const { run } = await ended(
      await runs.start({ dataset, methods: [methods[0]], provider: 'cpu', split: 'train' }, signal),
    );
    expect(run.counts.done).toBe(1);
    const { results } = await runs.results({ dataset, method: methods[0] }, signal);
    expect(results.map(({ image }) => image)).toEqual([training?.id]);
    expect(images).not.toContain(training?.id);
    const [{ images: evaluated, missing }] = listClassSamples(store, dataset, methods[0]);
    expect([evaluated.length, missing]).toEqual([0, 0]);
    const { dataset: untrained } = await cloth(1);
    await expect(
      runs.start({ dataset: untrained, methods, provider: 'cpu', split: 'train' }, signal),
    ).rejects.toMatchObject({ code: 'NO_IMAGES', message: expect.stringContaining('no training images') });
  });

  it('skips what another run has queued, and is refused if nothing else is left', async () => {
    const { dataset, images } = await cloth(3);
    const skipping = (given: { images?: number[]; methods?: number[] }) =>
      runs.start({ dataset, methods, provider: 'cpu', skipQueued: true, ...given }, signal);
    const held = await startAndHold(dataset, 1);
    await expect(skipping({})).rejects.toMatchObject({
      code: 'CONFLICT',
      message: expect.stringContaining(`in run ${held.id}`),
    });
    await runs.cancel({ run: held.id }, signal);
    engine.holdAfter(0);
    const part = await skipping({ images: [images[1]] });
    expect(part.total).toBe(2);
    const rest = await skipping({});
    expect(rest.total).toBe(4);
    engine.letGo();
    await ended(part);
    await ended(rest);
  });

  it('runs before earlier runs when started with `first`', async () => {
    const { dataset, images } = await cloth(30);
    engine.holdAfter(4);
    const long = await start(dataset, { methods: [methods[1]] });
    await until(long, ({ counts }) => counts.done === 4);
    const visible = images.slice(20, 23);
    await runs.start(
      { dataset, methods: [methods[0]], images: visible, provider: 'cpu', first: true },
      signal,
    );
    engine.letGo();
    const { events } = await ended(long);
    const order = events.flatMap((event) => (event.type === 'result' ? [event.result.method] : []));
    // Two were in flight, and a third may have been claimed.
    expect(order.slice(0, 6).filter((method) => method === methods[0])).toHaveLength(3);
  });

  it('lists its methods, and does not reuse the number of a removed run', async () => {
    const { dataset } = await cloth(1);
    const { run } = await ended(await start(dataset, { methods: [methods[0]] }));
    await runs.remove({ run: run.id }, signal);
    const { run: next } = await ended(await start(dataset, { methods: [methods[1]] }));
    expect(next).toMatchObject({ id: run.id + 1, methods: [methods[1]] });
  });

  it('creates a result with full provenance for every test image and method', async () => {
    const { dataset, images } = await cloth(3, 2);
    const { run, events } = await ended(await start(dataset));
    expect(run).toMatchObject({ total: 6, counts: { done: 6, failed: 0 }, methods, heldBy: null });
    expect(run.device).toContain('CPU');
    const { results } = await runs.results({ dataset, method: methods[1] }, signal);
    expect(results.map(({ image }) => image)).toEqual(images);
    for (const result of results) {
      expect(result).toMatchObject({
        imageSha256: store.images.get(result.image).file.sha256,
        modelSha256: null,
      });
      expect(Object.keys(result.seconds)).toEqual(expect.arrayContaining(['decode', 'extract', 'statistic']));
      expect(Object.keys(result.versions)).toEqual(expect.arrayContaining(['perch', 'onnx runtime']));
      const { shape, values } = readNpy(await store.blobs.read(result.map));
      expect(shape).toEqual([result.mapHeight, result.mapWidth]);
      expect(result.max).toBe(Math.max(...values));
    }
    expect(events.filter(({ type }) => type === 'result')).toHaveLength(6);
  });

  it('computes no existing result again', async () => {
    const { dataset } = await cloth(2);
    await ended(await start(dataset));
    const again = await start(dataset);
    expect(again).toMatchObject({ state: 'done', total: 4, counts: { done: 4 }, startedAt: null });
    expect(again.endedAt).not.toBeNull();
  });

  it('records the reason of a failed item, completes the others, and retries it on request', async () => {
    const { dataset, images, paths } = await cloth(4);
    const [bytes] = await Promise.all([
      noisyPng(1, 24),
      rm(paths[1]),
      writeFile(paths[2], await noisyPng(99, 24)),
    ]);
    const { run, events } = await ended(await start(dataset));
    expect(run.counts).toMatchObject({ done: 4, failed: 4 });
    expect(events.filter(({ type }) => type === 'failed')).toHaveLength(4);
    const { items, total } = await runs.items({ run: run.id, state: 'failed', offset: 0, limit: 10 }, signal);
    expect(total).toBe(4);
    expect(items.map(({ error }) => error?.code)).toEqual([
      'NOT_FOUND',
      'NOT_FOUND',
      'IMAGE_CHANGED',
      'IMAGE_CHANGED',
    ]);
    expect(items[0].error?.message).toContain(paths[1]);
    expect(images.map((image) => store.images.get(image).state)).toEqual([
      'present',
      'missing',
      'changed',
      'present',
    ]);
    await writeFile(paths[1], bytes);
    const retried = await ended(await runs.retry({ run: run.id }, signal));
    expect(retried.run.counts).toMatchObject({ done: 6, failed: 2 });
    expect(store.images.get(images[1]).state).toBe('present');
  });

  it('pauses if the folder of its dataset is missing, and resumes when it is back', async () => {
    const { dataset } = await cloth(20);
    const { root } = store.datasets.get(dataset);
    const run = await startAndHold(dataset, 4);
    await rename(root, `${root} elsewhere`);
    engine.letGo();
    const { run: stopped } = await until(run, ({ state }) => state !== 'running');
    expect(stopped.state).toBe('paused');
    const { items } = await runs.items({ run: run.id, state: 'failed', offset: 0, limit: 10 }, signal);
    expect(items.length).toBeLessThan(3);
    expect(items[0].error).toMatchObject({ code: 'DATASET_GONE', message: expect.stringContaining(root) });
    await rename(`${root} elsewhere`, root);
    const { run: done } = await ended(await runs.retry({ run: run.id }, signal));
    expect(done.counts).toMatchObject({ done: 40, failed: 0 });
  });

  it('pauses if the database cannot grow, and resumes when it can', async () => {
    const { dataset } = await cloth(40);
    const pages = Number(store.database.pragma('page_count', { simple: true }));
    store.database.pragma(`max_page_count = ${pages + 4}`);
    const run = await start(dataset);
    const { run: stopped } = await until(run, ({ state }) => state !== 'running');
    expect(stopped.state).toBe('paused');
    expect(stopped.counts.done).toBeLessThan(80);
    const { items } = await runs.items({ run: run.id, state: 'failed', offset: 0, limit: 10 }, signal);
    expect(items[0].error?.code).toBe('DISK_FULL');
    store.database.pragma('max_page_count = 100000');
    const { run: done } = await ended(await runs.retry({ run: run.id }, signal));
    expect(done.counts).toMatchObject({ done: 80, failed: 0 });
    expect(store.database.pragma('integrity_check', { simple: true })).toBe('ok');
  });

  it('can be paused and resumed', async () => {
    const { dataset } = await cloth(20);
    const run = await startAndHold(dataset, 4);
    const paused = await runs.pause({ run: run.id }, signal);
    expect(paused).toMatchObject({ state: 'paused', counts: { running: 0 } });
    engine.letGo();
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect((await runs.list(undefined, signal)).runs[0].counts.done).toBe(paused.counts.done);
    const { run: done } = await ended(await runs.resume({ run: run.id }, signal));
    expect(done.counts.done).toBe(40);
  });

  it('stays canceled until it is retried', async () => {
    const { dataset } = await cloth(20);
    const run = await startAndHold(dataset, 4);
    const canceled = await runs.cancel({ run: run.id }, signal);
    engine.letGo();
    expect(canceled).toMatchObject({ state: 'canceled', counts: { waiting: 0, running: 0 } });
    expect(await runs.resume({ run: run.id }, signal)).toMatchObject({ state: 'canceled' });
    const { run: done } = await ended(await runs.retry({ run: run.id }, signal));
    expect(done.counts.done).toBe(40);
  });

  it('can be removed, and its results stay', async () => {
    const { dataset } = await cloth(3);
    const { run } = await ended(await start(dataset));
    await runs.remove({ run: run.id }, signal);
    expect(await runs.list(undefined, signal)).toEqual({ runs: [] });
    expect((await runs.results({ dataset, method: methods[0] }, signal)).results).toHaveLength(3);
    await expect(runs.remove({ run: run.id }, signal)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('starts with the images on screen', async () => {
    const { dataset, images } = await cloth(30);
    const run = await startAndHold(dataset, 4);
    const last = images[29];
    await runs.prioritize({ images: [last] }, signal);
    engine.letGo();
    const { events } = await ended(run);
    const order = events.flatMap((event) => (event.type === 'result' ? [event.result.image] : []));
    expect(order.indexOf(last)).toBeLessThan(5);
  });

  it('is refused without images, and for methods that cannot be used', async () => {
    const { dataset } = await cloth(2);
    await expect(start(dataset, { classes: ['silk'] })).rejects.toMatchObject({ code: 'NOT_FOUND' });
    const imported = store.methods.upsertImported('anomalib').id;
    await expect(start(dataset, { methods: [imported] })).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
    const patchcore = store.methods.upsertDefinition(
      { extractor: 'colors', coresetRatio: 0.5 },
      'patchcore',
    ).id;
    await expect(start(dataset, { methods: [patchcore] })).rejects.toThrow(/normal images/);
    const { dataset: empty } = await cloth(0, 2);
    await expect(start(empty)).rejects.toMatchObject({ code: 'NO_IMAGES' });
    expect(await runs.list(undefined, signal)).toEqual({ runs: [] });
  });

  it('uses the normal images of the class for methods with a memory bank', async () => {
    const { dataset } = await cloth(2, 2);
    const method = store.methods.upsertDefinition({ extractor: 'colors', coresetRatio: 0.5 }, 'patchcore').id;
    const { run } = await ended(await start(dataset, { methods: [method] }));
    expect(run.counts.done).toBe(2);
    expect((await start(dataset, { methods: [method] })).counts.done).toBe(2);
  });
});

describe('an estimate', () => {
  it('comes from the cost model first, and from measurements after the methods have run', async () => {
    const { dataset } = await cloth(4);
    const asked = { dataset, definitions: quickMethods };
    const { estimates: before } = await runs.estimate(asked, signal);
    expect(before).toMatchObject([{ images: 4, basis: 'modeled' }, { images: 4 }]);
    await ended(await start(dataset, { methods: [methods[0]] }));
    const { estimates: after } = await runs.estimate(asked, signal);
    expect(after).toMatchObject([{ images: 0, seconds: 0, basis: 'measured' }, { images: 4 }]);
  });
});
