import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { AnyMethod } from '../../common/api/schemas.ts';
import type { Run } from '../../common/api/runs.ts';
import { EngineClient, type RequestOptions } from '../../engine/client/engine-client.ts';
import type { EngineRequests, RequestKind } from '../../engine/protocol/messages.ts';
import { PerchError } from '../../common/api/errors.ts';
import { Secrets } from '../../files/secrets.ts';
import { temporaryStore } from '../../test/store.ts';
import { openRuns } from '../runs/runs.ts';
import { addCloth, quickMethods } from '../runs/test/cloth.ts';
import { diagnoseQueue } from './diagnose-queue.ts';
import { QueueSource } from './queue-source.ts';
import { startWorker } from './test/local-worker.ts';
import { TestPostgres } from './test/postgres.ts';

const { signal } = new AbortController();
let postgres: TestPostgres;
let engine: EngineClient;
let url: string;
let databases = 0;
let temporary: ReturnType<typeof temporaryStore>;
let runs: ReturnType<typeof openRuns>;
let source: QueueSource;
const stops: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
  postgres = await TestPostgres.start();
  engine = new EngineClient({ threads: 1 });
});
afterAll(async () => {
  await engine.close();
  await postgres.stop();
});
beforeEach(async () => {
  url = await postgres.createDatabase(`perch${databases++}`);
  temporary = temporaryStore();
  const { store, home } = temporary;
  source = new QueueSource(store.settings, new Secrets(home), { PERCH_QUEUE: url });
  runs = openRuns(store, engine, source);
});
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
  await runs.close();
  await temporary.dispose();
});

async function worker(name: string, options: Partial<Parameters<typeof startWorker>[0]> = {}, own = engine) {
  const started = await startWorker({ folder: join(temporary.home, name), url, name, ...options }, own);
  stops.push(() => started.stop());
  return started;
}

const [method] = quickMethods;

async function start(
  images: number,
  definition: AnyMethod = method,
  train = 0,
  name = 'cloth',
): Promise<Run> {
  const cloth = await addCloth(temporary.store, join(temporary.home, name), { images, train });
  const { id } = temporary.store.methods.upsertDefinition(definition, 'quick');
  return runs.start({ dataset: cloth.dataset, methods: [id], provider: 'cpu', place: 'workers' }, signal);
}

/** Waits until a run satisfies a condition. */
async function until(id: number, isMet: (run: Run) => boolean): Promise<Run> {
  for await (const event of await runs.watch(undefined, signal)) {
    const run = event.type === 'runs' ? event.runs.find((each) => each.id === id) : undefined;
    if (run && isMet(run)) return run;
  }
  throw new Error('The events ended.');
}
const done = (id: number) => until(id, ({ state }) => state === 'done');

describe('a run on workers', () => {
  it('has the results of a run on this machine, and names the worker of each', async () => {
    await worker('one');
    await worker('two');
    const run = await start(24);
    const ended = await done(run.id);
    expect(ended.counts).toMatchObject({ done: 24, failed: 0 });
    expect(ended.workers.map(({ name }) => name)).toEqual(['one', 'two']);
    expect(ended.workers.reduce((sum, { results }) => sum + results, 0)).toBe(24);
    const { results } = await runs.results({ dataset: run.dataset, method: run.methods[0] }, signal);
    expect(results).toHaveLength(24);
    for (const { worker: name } of results) expect(['one', 'two']).toContain(name);

    const here = temporaryStore();
    const cloth = await addCloth(here.store, join(here.home, 'cloth'), { images: 24 });
    const local = openRuns(here.store, engine);
    const { id } = here.store.methods.upsertDefinition(method, 'quick');
    const own = await local.start({ dataset: cloth.dataset, methods: [id], provider: 'cpu' }, signal);
    for await (const event of await local.watch(undefined, signal))
      if (event.type === 'runs' && event.runs.find((each) => each.id === own.id)?.state === 'done') break;
    const expected = await local.results({ dataset: own.dataset, method: id }, signal);
    const maps = (list: typeof results) =>
      list.map(({ imageSha256, map, threshold }) => [imageSha256, map, threshold]);
    expect(maps(results)).toEqual(maps(expected.results));
    expect(expected.results.map(({ worker: name }) => name)).toEqual(Array(24).fill(''));
    await local.close();
    await here.dispose();
  });

  it('compares with the normal images of the class', async () => {
    await worker('one');
    const run = await start(3, { extractor: 'colors', memory: 'nearest' }, 2);
    expect((await done(run.id)).counts).toMatchObject({ done: 3, failed: 0 });
  });

  it('fails for images that cannot be read, with their reason, and retries them on request', async () => {
    const { cache } = await worker('one');
    const cloth = await addCloth(temporary.store, join(temporary.home, 'cloth'), { images: 3 });
    await writeFile(cloth.paths[1], 'no image');
    const { id } = temporary.store.methods.upsertDefinition(method, 'quick');
    const run = await runs.start(
      { dataset: cloth.dataset, methods: [id], provider: 'cpu', place: 'workers' },
      signal,
    );
    expect((await done(run.id)).counts).toMatchObject({ done: 2, failed: 1 });
    const { items } = await runs.items({ run: run.id, state: 'failed', offset: 0, limit: 9 }, signal);
    expect(items[0].error).toMatchObject({ code: 'IMAGE_CHANGED', message: expect.stringMatching(/1\.png/) });
    expect(cache.bytes).toBeGreaterThan(0);
  });

  it('reads images from a shared folder where the worker has one', async () => {
    const { cache } = await worker('one', { shared: join(temporary.home, 'cloth') });
    expect((await done((await start(4)).id)).counts.done).toBe(4);
    expect(cache.bytes).toBe(0);
  });

  it('says why nothing proceeds: no worker, or none that can do the tasks', async () => {
    const run = await start(2);
    const alone = await until(run.id, ({ obstacle }) => obstacle !== null);
    expect(alone.obstacle).toMatch(/No worker is connected/);
    expect(alone.place).toBe('workers');
    await runs.cancel({ run: run.id }, signal);

    const { logs } = await worker('no GPU');
    const cuda = await runs.start(
      { dataset: run.dataset, methods: run.methods, provider: 'cuda', place: 'workers' },
      signal,
    );
    const refused = await until(cuda.id, ({ obstacle }) => obstacle?.includes('no GPU:') ?? false);
    expect(refused.obstacle).toMatch(
      /No worker takes these tasks\. no GPU: The tasks need the provider cuda/,
    );
    expect(logs.join()).toMatch(/Does not take some tasks/);
    await runs.cancel({ run: cuda.id }, signal);
  });

  it('continues with another worker if one gives a task back', async () => {
    const poor = new PoorEngine({ threads: 1 });
    const { logs } = await worker('poor', {}, poor);
    const run = await start(4);
    await until(run.id, () => logs.some((text) => text.includes('Gave a task back.')));
    await worker('one');
    const ended = await done(run.id);
    expect(ended.counts).toMatchObject({ done: 4, failed: 0 });
    expect(ended.workers.find(({ name }) => name === 'one')?.results).toBe(4);
    await poor.close();
  });

  it('fails with the reason if every worker gives a task back', async () => {
    const poor = new PoorEngine({ threads: 1 });
    await worker('poor', { restMs: 100 }, poor);
    const run = await start(1);
    expect((await done(run.id)).counts).toMatchObject({ failed: 1 });
    const { items } = await runs.items({ run: run.id, offset: 0, limit: 9 }, signal);
    expect(items[0].error).toEqual({ code: 'OUT_OF_MEMORY', message: 'Too large for this machine.' });
    await poor.close();
  });

  it('survives a crash and restarts of the database', async () => {
    await worker('one');
    const run = await start(60);
    await until(run.id, ({ counts }) => counts.done > 3);
    await postgres.crash(500);
    for (let restart = 0; restart < 3; restart++) {
      await postgres.crash(0, 'SIGINT');
      await pause(500);
    }
    expect((await done(run.id)).counts).toMatchObject({ done: 60, failed: 0 });
  });

  it('can be paused, and resumes where it was', async () => {
    await worker('one');
    const run = await start(60);
    await until(run.id, ({ counts }) => counts.done > 3);
    const paused = await runs.pause({ run: run.id }, signal);
    expect(paused.counts.waiting).toBeGreaterThan(0);
    await runs.resume({ run: run.id }, signal);
    expect((await done(run.id)).counts).toMatchObject({ done: 60, failed: 0 });
  });

  it('gives an answer whose host ended to the next host, instead of computing it again', async () => {
    const gated = new GatedEngine({ threads: 1 });
    await worker('one', {}, gated);
    const run = await start(3);
    await expect.poll(() => gated.images.length, { timeout: 20_000 }).toBe(3);
    await runs.close();
    gated.open();
    runs = openRuns(temporary.store, engine, source);
    await runs.resume({ run: run.id }, signal);
    expect((await done(run.id)).counts).toMatchObject({ done: 3, failed: 0 });
    expect(new Set(gated.images).size).toBe(3);
    expect(gated.images).toHaveLength(3);
    await gated.close();
  });

  it('is refused for a method that one machine must run, and without a queue', async () => {
    const set = { extractor: 'colors', set: 'mutual' } as const;
    await expect(start(3, set)).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
      message: expect.stringMatching(/compares the images of a class with each other/),
    });
    await runs.close();
    runs = openRuns(
      temporary.store,
      engine,
      new QueueSource(temporary.store.settings, new Secrets(temporary.home), {}),
    );
    await expect(start(3, method, 0, 'other')).rejects.toMatchObject({
      message: expect.stringMatching(/^No queue is set/),
    });
  });
});

describe('the diagnosis of the queue', () => {
  it('names the server and its workers, or why it cannot be used, without the password', async () => {
    await worker('one');
    await expect
      .poll(async () => (await diagnoseQueue(source)).found, { timeout: 20_000 })
      .toMatch(/^postgres:\/\/perch@127\.0\.0\.1:\d+\/perch\d+, PostgreSQL 18.*, workers one \(/);
    const wrong = new QueueSource(temporary.store.settings, new Secrets(temporary.home), {
      PERCH_QUEUE: url.replace('secret%20word', 'wrong%20word'),
    });
    const { problem } = await diagnoseQueue(wrong);
    expect(problem).toMatch(/cannot be used: .*password authentication failed/);
    expect(JSON.stringify(await diagnoseQueue(wrong))).not.toMatch(/wrong.*word|secret.*word/);
    const none = new QueueSource(temporary.store.settings, new Secrets(temporary.home), {});
    expect((await diagnoseQueue(none)).found).toMatch(/^none is set/);
  });
});

/** An engine of a machine with too little memory. */
class PoorEngine extends EngineClient {
  override async request<Kind extends RequestKind>(
    kind: Kind,
    request: EngineRequests[Kind]['request'],
    options: RequestOptions = {},
  ): Promise<EngineRequests[Kind]['response']> {
    if (kind === 'inspect') throw new PerchError('OUT_OF_MEMORY', 'Too large for this machine.');
    return super.request(kind, request, options);
  }
}

/** An engine that does not answer before it is opened, and counts inspections. */
class GatedEngine extends EngineClient {
  readonly images: string[] = [];
  readonly #gate = Promise.withResolvers<undefined>();

  open(): void {
    this.#gate.resolve(undefined);
  }

  override async request<Kind extends RequestKind>(
    kind: Kind,
    request: EngineRequests[Kind]['request'],
    options: RequestOptions = {},
  ): Promise<EngineRequests[Kind]['response']> {
    if (kind === 'inspect') {
      this.images.push((request as EngineRequests['inspect']['request']).path);
      await this.#gate.promise;
    }
    return super.request(kind, request, options);
  }
}
