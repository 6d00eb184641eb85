import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Run } from '../../common/api/runs.ts';
import type { SetMethod } from '../../common/api/schemas.ts';
import { EngineClient } from '../../engine/client/engine-client.ts';
import type { Store } from '../../store/store.ts';
import { temporaryStore } from '../../test/store.ts';
import { openRuns } from './runs.ts';
import { addCloth, noisyPng } from './test/cloth.ts';

const mutual: SetMethod = { extractor: 'colors', set: 'mutual' };
const host = fileURLToPath(new URL('./test/host.ts', import.meta.url));
const { signal } = new AbortController();

let temporary: ReturnType<typeof temporaryStore>;
let store: Store;
let engine: EngineClient;
let runs: ReturnType<typeof openRuns>;
let method: number;

beforeEach(() => {
  temporary = temporaryStore();
  store = temporary.store;
  engine = new EngineClient();
  runs = openRuns(store, engine);
  method = store.methods.upsertDefinition(mutual, 'mutual').id;
});
afterEach(async () => {
  runs.close();
  await engine.close();
  await temporary.dispose();
});

const cloth = (images: number, side = 12) => addCloth(store, join(temporary.home, 'cloth'), { images, side });
const start = (dataset: number, images?: number[]) =>
  runs.start({ dataset, methods: [method], provider: 'cpu', ...(images && { images }) }, signal);

async function until(run: Run, done: (run: Run) => boolean): Promise<Run> {
  for (;;) {
    const found = (await runs.list(undefined, signal)).runs.find(({ id }) => id === run.id);
    if (found && done(found)) return found;
    await pause(10);
  }
}
const ended = (run: Run) => until(run, ({ state }) => state !== 'running' && state !== 'waiting');
const results = (dataset: number) => store.results.listByMethod(dataset, method);

describe('a run of a set method', () => {
  it('compares the images of a class, whichever of them it was started for', async () => {
    const { dataset, images } = await cloth(5);
    expect(await ended(await start(dataset, images.slice(0, 2)))).toMatchObject({ counts: { done: 2 } });
    expect(results(dataset).map(({ chosen }) => chosen)).toEqual(Array(2).fill({ comparedImages: 4 }));
    const first = results(dataset).map(({ map }) => map);
    expect(await ended(await start(dataset))).toMatchObject({ counts: { done: 5 } });
    expect(results(dataset)).toHaveLength(5);
    expect(
      results(dataset)
        .slice(0, 2)
        .map(({ map }) => map),
    ).toEqual(first);
  });

  it('has results that are out of date when the class gets an image', async () => {
    const { dataset, images } = await cloth(3);
    await ended(await start(dataset));
    expect(results(dataset).every(({ current }) => current)).toBe(true);
    const { id: _, dataset: __, ...image } = store.images.get(images[0]);
    const path = join(temporary.home, 'cloth', 'new.png');
    await writeFile(path, await noisyPng(0, 12));
    store.images.add(dataset, { ...image, path, name: 'new.png', sortIndex: 9 });
    expect(results(dataset).map(({ current }) => current)).toEqual([false, false, false]);
    expect(await ended(await start(dataset))).toMatchObject({ counts: { done: 4 } });
    expect(results(dataset).map(({ current }) => current)).toEqual([true, true, true, true]);
  });

  it('fails for one image that is missing, and compares the others without it', async () => {
    const { dataset, paths } = await cloth(5);
    await rm(paths[1]);
    const run = await ended(await start(dataset));
    expect(run.counts).toMatchObject({ done: 4, failed: 1 });
    expect(results(dataset).map(({ chosen, current }) => [chosen, current])).toEqual(
      Array(4).fill([{ comparedImages: 3 }, true]),
    );
    const { items } = await runs.items({ run: run.id, state: 'failed', offset: 0, limit: 9 }, signal);
    expect(items).toMatchObject([
      { error: { code: 'NOT_FOUND', message: expect.stringContaining(paths[1]) } },
    ]);
  });

  it('is refused for a class with a single image', async () => {
    const { dataset } = await cloth(1);
    await expect(start(dataset)).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
      message: expect.stringContaining('only one'),
    });
  });

  it('can be canceled within a second, and retried', async () => {
    const { dataset } = await cloth(12, 64);
    const run = await start(dataset);
    await until(run, ({ counts }) => counts.running > 0);
    const from = performance.now();
    expect(await runs.cancel({ run: run.id }, signal)).toMatchObject({
      state: 'canceled',
      counts: { running: 0 },
    });
    for (; engine.status === 'busy';) await pause(10);
    expect(performance.now() - from).toBeLessThan(1000);
    expect(await ended(await runs.retry({ run: run.id }, signal))).toMatchObject({ counts: { done: 12 } });
  });

  it('survives a crash of its engine once', async () => {
    const { dataset } = await cloth(12, 64);
    const run = await start(dataset);
    await until(run, ({ counts }) => counts.running > 0);
    if (engine.pid !== undefined) process.kill(engine.pid, 'SIGKILL');
    expect(await ended(run)).toMatchObject({ counts: { done: 12, failed: 0 } });
  });
});

it('loses only unfinished images when its host is killed repeatedly', async () => {
  const { dataset } = await cloth(30, 40);
  const run = await start(dataset);
  runs.close();
  await engine.close();
  let kept = 0;
  for (let kill = 0; kill < 6 && store.runs.get(run.id).state !== 'done'; kill++) {
    const child = spawn(process.execPath, [host, temporary.home], { stdio: ['ignore', 'pipe', 'inherit'] });
    const exited = once(child, 'exit');
    await once(child.stdout, 'data');
    await pause(kill * 20);
    child.kill('SIGKILL');
    await exited;
    const done = results(dataset).length;
    expect(done).toBeGreaterThan(kept);
    kept = done;
  }
  engine = new EngineClient();
  runs = openRuns(store, engine);
  runs.claimOrphans();
  expect(await ended(run)).toMatchObject({ counts: { done: 30, failed: 0 } });
  expect(results(dataset)).toHaveLength(30);
  expect(store.database.pragma('integrity_check', { simple: true })).toBe('ok');
  for await (const fault of store.blobs.integrityErrors(signal)) expect.fail(fault);
}, 120_000);
