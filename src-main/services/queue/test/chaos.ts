import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { programPath } from '../../../files/programs.ts';
import { mulberry32 } from '../../../methods/prng.ts';
import { Store } from '../../../store/store.ts';
import { addCloth } from '../../runs/test/cloth.ts';
import { TestPostgres } from './postgres.ts';

/** What is killed. */
export type Victim = 'worker' | 'host' | 'server';

export interface ChaosOptions {
  folder: string;
  tasks: number;
  workers: number;
  /** Kills these in this order, evenly over the tasks; or by chance, at an interval. */
  kills: readonly Victim[] | { everyMs: number; seed: number };
  log?(text: string): void;
}

export interface ChaosOutcome {
  kills: { worker: number; host: number; server: number };
  seconds: number;
  state: string;
  done: number;
  failed: number;
  results: number;
  /** Images with more or less than one result. */
  wrong: number;
  byWorker: Record<string, number>;
  integrity: string;
}

/** What the user would type, as processes with homes of their own that share nothing but the queue. */
const METHOD = { method: { extractor: 'colors', statistic: 'moments', reference: 'global', patchSize: 3 } };

/**
 * Works on a run with real processes, and kills a random worker, the host or the database without notice again and again. A killed
 * process is started again, as a supervisor would do. Ends when the host says that the run has ended.
 */
export async function runChaos({
  folder,
  tasks,
  workers,
  kills: planned,
  log,
}: ChaosOptions): Promise<ChaosOutcome> {
  const homes = { host: join(folder, 'host'), method: join(folder, 'quick.json') };
  await mkdir(homes.host, { recursive: true });
  await writeFile(homes.method, JSON.stringify(METHOD));
  const store = new Store(homes.host);
  await addCloth(store, join(folder, 'cloth'), { images: tasks });
  const postgres = await TestPostgres.start();
  const url = await postgres.createDatabase('perch');
  const kills = { worker: 0, host: 0, server: 0 };
  const isByChance = 'everyMs' in planned;
  const random = mulberry32(isByChance ? planned.seed : 1);
  const victims = isByChance ? anyVictims(workers, random) : planned.values();
  let isOver = false;
  let server = Promise.resolve();

  const start = (home: string, ...words: string[]): ChildProcess =>
    spawn(process.execPath, [programPath('commandLine'), ...words], {
      env: { ...process.env, PERCH_HOME: home, PERCH_QUEUE: url },
      stdio: process.env.PERCH_CHAOS_LOG ? 'inherit' : 'ignore',
    });
  const startWorker = (at: number) =>
    start(join(folder, `worker${at}`), 'worker', '--name', `worker ${at}`, '--threads', '1');
  const running = Array.from({ length: workers }, (_, at) => startWorker(at));
  let host = start(homes.host, 'runs', 'start', 'cloth', '--method', homes.method, '--workers');

  const since = performance.now();
  const run = () => store.runs.list().at(0);
  const isDone = () => run()?.state === 'done';
  const countDone = () => store.runItems.countStates(run()?.id ?? 1).done;
  const untilNextKill = async (before: number) => {
    if (isByChance) await pause(planned.everyMs);
    const share = isByChance ? 0 : ((before + 1) * tasks) / (planned.length + 1);
    while (!isOver && (run() === undefined || countDone() < share)) await pause(20);
  };
  const killing = (async () => {
    let count = 0;
    for (const victim of victims) {
      await untilNextKill(count++);
      if (isOver || isDone()) return;
      kills[victim]++;
      if (victim === 'worker') {
        const at = Math.floor(random() * workers);
        running[at].kill('SIGKILL');
        running[at] = startWorker(at);
      } else if (victim === 'host') {
        host.kill('SIGKILL');
        await once(host, 'exit').catch(() => {});
        if (!isDone()) host = start(homes.host, 'runs', 'resume', String(run()?.id ?? 1));
      } else {
        await server;
        server = postgres.crash(200);
      }
      const { done, failed } = store.runItems.countStates(run()?.id ?? 1);
      log?.(
        `${Math.round((performance.now() - since) / 1000)} s: ${done} done, ${failed} failed, ${JSON.stringify(kills)}`,
      );
    }
  })();
  try {
    while (!isDone()) {
      // A host that ends by itself before the run is done is started again, as a person would do.
      if (host.exitCode !== null && run() !== undefined && !isDone())
        host = start(homes.host, 'runs', 'resume', String(run()?.id));
      await pause(100);
    }
    return { kills, seconds: (performance.now() - since) / 1000, ...countResults(store, tasks) };
  } finally {
    isOver = true;
    await killing;
    await server.catch(() => {});
    const left = [...running, host].filter(
      ({ exitCode, signalCode }) => exitCode === null && signalCode === null,
    );
    for (const child of left) child.kill('SIGKILL');
    await postgres.stop();
    store.close();
    await rm(folder, { recursive: true, force: true });
  }
}

/** Each worker, the host and the server with the same probability. */
function* anyVictims(workers: number, random: () => number): Generator<Victim, undefined> {
  for (;;) {
    const at = Math.floor(random() * (workers + 2));
    yield at < workers ? 'worker' : at === workers ? 'host' : 'server';
  }
}

function countResults(store: Store, tasks: number): Omit<ChaosOutcome, 'kills' | 'seconds'> {
  const [{ id, state }] = store.runs.list();
  const { done, failed } = store.runItems.countStates(id);
  const rows = store.database
    .prepare<[], { image: number; worker: string }>('SELECT image_id AS image, worker FROM results')
    .all();
  const perImage = Map.groupBy(rows, ({ image }) => image);
  const byWorker = Object.fromEntries(
    [...Map.groupBy(rows, ({ worker }) => worker)].map(([name, list]) => [name, list.length]),
  );
  const single = [...perImage.values()].filter(({ length }) => length === 1).length;
  const integrity = String(store.database.pragma('integrity_check', { simple: true }));
  return { state, done, failed, results: rows.length, wrong: tasks - single, byWorker, integrity };
}
