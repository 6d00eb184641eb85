/**
 * Measures the queue: `node src-main/services/queue/test/measure.ts overhead|throughput [tasks]`. docs/scaling.md lists the results.
 * `overhead` replaces the engine by one that answers at once, so that only the queue, the network and the store remain.
 * `throughput` starts 1, 2 and 4 processes of `perch worker --threads 1`.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { RunPlace } from '../../../common/api/runs.ts';
import type { AnyMethod } from '../../../common/api/schemas.ts';
import { Secrets } from '../../../files/secrets.ts';
import { programPath } from '../../../files/programs.ts';
import { Store } from '../../../store/store.ts';
import { openRuns } from '../../runs/runs.ts';
import { addCloth, quickMethods } from '../../runs/test/cloth.ts';
import { QueueSource } from '../queue-source.ts';
import { InstantEngine } from './instant-engine.ts';
import { startWorker } from './local-worker.ts';
import { TestPostgres } from './postgres.ts';

const { signal } = new AbortController();
const [what = 'overhead', count = '1000'] = process.argv.slice(2);
const postgres = await TestPostgres.start();
try {
  if (what === 'overhead') await measureOverhead(Number(count));
  else for (const workers of [1, 2, 4]) await measureThroughput(workers, Number(count));
} finally {
  await postgres.stop();
}

async function measureOverhead(tasks: number): Promise<void> {
  const own = await prepare(tasks, 'here', quickMethods[0], 24);
  const here = await own.start('here');
  await own.close();
  const { folder, url, start, close } = await prepare(tasks, 'overhead', quickMethods[0], 24);
  const worker = await startWorker({ folder: join(folder, 'worker'), url, name: 'one' }, new InstantEngine());
  const before = process.cpuUsage();
  const { seconds, results } = await start('workers');
  const { user, system } = process.cpuUsage(before);
  await worker.stop();
  await close();
  const perTask = (each: { seconds: number; results: number }) => (1000 * each.seconds) / each.results;
  const [local, queued] = [perTask(here), perTask({ seconds, results })];
  console.log(
    `${results} tasks: ${queued.toFixed(1)} ms each on a worker, ${local.toFixed(1)} ms in the host, ` +
      `${(queued - local).toFixed(1)} ms for queue and network; host and worker ${((user + system) / 1000 / results).toFixed(1)} ms of CPU each`,
  );
}

async function measureThroughput(workers: number, tasks: number): Promise<void> {
  const method: AnyMethod = { extractor: 'gabor', statistic: 'fca', reference: 'median', patchSize: 'auto' };
  const { folder, url, start, close } = await prepare(tasks, `throughput${workers}`, method, 512);
  const children: ChildProcess[] = Array.from({ length: workers }, (_, at) =>
    spawn(process.execPath, [programPath('commandLine'), 'worker', '--name', String(at), '--threads', '1'], {
      env: { ...process.env, PERCH_HOME: join(folder, `worker${at}`), PERCH_QUEUE: url },
      stdio: ['ignore', 'ignore', 'inherit'],
    }),
  );
  const { seconds, results } = await start('workers');
  console.log(
    `${workers} workers: ${(results / seconds).toFixed(2)} tasks/s (${results} in ${seconds.toFixed(1)} s)`,
  );
  for (const child of children) child.kill('SIGTERM');
  await pause(500);
  await close();
}

/** A store with a dataset, and a function that runs it on workers and measures from the first result to the last. */
async function prepare(tasks: number, database: string, definition: AnyMethod, side: number) {
  const folder = await mkdtemp(join(tmpdir(), 'perch-measure-'));
  const url = await postgres.createDatabase(database);
  const store = new Store(join(folder, 'host'));
  const { dataset } = await addCloth(store, join(folder, 'cloth'), { images: tasks, side });
  const { id } = store.methods.upsertDefinition(definition, 'measured');
  const runs = openRuns(
    store,
    new InstantEngine(),
    new QueueSource(store.settings, new Secrets(folder), { PERCH_QUEUE: url }),
  );
  return {
    folder,
    url,
    async close() {
      await runs.close();
      store.close();
      await rm(folder, { recursive: true, force: true });
    },
    async start(place: RunPlace): Promise<{ seconds: number; results: number }> {
      const run = await runs.start({ dataset, methods: [id], provider: 'cpu', place }, signal);
      let [first, results] = [0, 0];
      for await (const event of await runs.watch(undefined, signal)) {
        if (event.type === 'failed') throw new Error(event.item.error?.message);
        if (event.type === 'result') {
          if (first === 0) first = performance.now();
          else results++;
        }
        if (event.type === 'runs' && event.runs.find((each) => each.id === run.id)?.state === 'done') break;
      }
      return { seconds: (performance.now() - first) / 1000, results };
    },
  };
}
