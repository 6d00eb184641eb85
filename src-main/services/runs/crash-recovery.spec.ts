import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Run } from '../../common/api/runs.ts';
import { EngineClient } from '../../engine/client/engine-client.ts';
import { mulberry32 } from '../../methods/prng.ts';
import type { Store } from '../../store/store.ts';
import { temporaryStore } from '../../test/store.ts';
import { openRuns } from './runs.ts';
import { addCloth, quickMethods } from './test/cloth.ts';

const KILLS = 25;
/** The maximum number of results and milliseconds between kills. */
const RESULTS = 4;
const JITTER_MS = 60;
/** More than the results between all kills together. */
const IMAGES = 150;
/** Processes start slowly on a busy machine. */
const TIMEOUT_MS = 300_000;

const host = fileURLToPath(new URL('./test/host.ts', import.meta.url));
const { signal } = new AbortController();
let temporary: ReturnType<typeof temporaryStore>;
let store: Store;
let run: Run;

beforeEach(async () => {
  temporary = temporaryStore();
  store = temporary.store;
  const { dataset } = await addCloth(store, join(temporary.home, 'cloth'), { images: IMAGES });
  const methods = quickMethods.map((method, at) => store.methods.upsertDefinition(method, `quick ${at}`).id);
  // The host that starts the run exits before the first item.
  const engine = new EngineClient();
  const runs = openRuns(store, engine);
  run = await runs.start({ dataset, methods, provider: 'cpu' }, signal);
  runs.close();
  await engine.close();
});
afterEach(() => temporary.dispose());

it(
  'loses nothing when its host is killed repeatedly',
  async () => {
    const random = mulberry32(1);
    for (let kill = 0; kill < KILLS; kill++) {
      const child = spawn(process.execPath, [host, temporary.home], { stdio: ['ignore', 'pipe', 'inherit'] });
      const exited = once(child, 'exit');
      let dots = 0;
      child.stdout.on('data', (chunk: Buffer) => (dots += chunk.length));
      const wanted = Math.floor(random() * RESULTS);
      while (dots < wanted && store.runs.get(run.id).state !== 'done') await pause(5);
      await pause(random() * JITTER_MS);
      child.kill('SIGKILL');
      await exited;
      expect(store.database.pragma('integrity_check', { simple: true })).toBe('ok');
    }
    expect(store.runs.get(run.id).state).not.toBe('done');
    await finish();
    await expectAllDone();
  },
  TIMEOUT_MS,
);

it(
  'loses nothing when its engine is killed repeatedly',
  async () => {
    const random = mulberry32(2);
    await finish(async (engine, results) => {
      for (let kill = 0; kill < KILLS; kill++) {
        await results(Math.floor(random() * RESULTS));
        await pause(random() * JITTER_MS);
        if (engine.pid !== undefined) process.kill(engine.pid, 'SIGKILL');
      }
      expect(store.runs.get(run.id).state).not.toBe('done');
    });
    await expectAllDone();
  },
  TIMEOUT_MS,
);

/** Claims the run and finishes it, while `meanwhile` runs. */
async function finish(
  meanwhile?: (engine: EngineClient, results: (count: number) => Promise<void>) => Promise<void>,
): Promise<void> {
  const engine = new EngineClient();
  const runs = openRuns(store, engine);
  let results = 0;
  const following = (async () => {
    runs.claimOrphans();
    for await (const event of await runs.watch(undefined, signal)) {
      if (event.type === 'result') results++;
      const now = event.type === 'runs' ? event.runs.find(({ id }) => id === run.id) : undefined;
      if (now?.state !== 'done') continue;
      if (now.counts.failed === 0) return;
      // An item that was in progress at two of the kills has failed.
      await runs.retry({ run: run.id }, signal);
    }
  })();
  const more = async (count: number) => {
    for (const wanted = results + count; results < wanted && store.runs.get(run.id).state !== 'done';)
      await pause(5);
  };
  await meanwhile?.(engine, more);
  await following;
  runs.close();
  await engine.close();
}

/** Expects every result exactly once, and no others. */
async function expectAllDone(): Promise<void> {
  const number = (sql: string) => store.database.prepare<[], number>(sql).pluck().get();
  const total = IMAGES * quickMethods.length;
  expect(store.runItems.countStates(run.id)).toEqual({
    waiting: 0,
    running: 0,
    done: total,
    failed: 0,
    canceled: 0,
  });
  expect(store.runs.get(run.id)).toMatchObject({ state: 'done', leaseOwner: null, leaseExpiresAtMs: null });
  expect(number('SELECT count(*) FROM results')).toBe(total);
  expect(number('SELECT count(*) FROM (SELECT DISTINCT image_id, method_id FROM results)')).toBe(total);
  expect(number('SELECT count(*) FROM blobs WHERE sha256 NOT IN (SELECT map FROM results)')).toBe(0);
  expect(store.database.pragma('integrity_check', { simple: true })).toBe('ok');
  expect(store.database.pragma('foreign_key_check')).toEqual([]);
  for await (const fault of store.blobs.integrityErrors(signal)) expect.fail(fault);
}
