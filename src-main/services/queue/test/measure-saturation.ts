/**
 * Measures what a host, its store and PostgreSQL sustain with many workers that do not compute, on Linux:
 * `node src-main/services/queue/test/measure-saturation.ts endpoint|host|store|postgres|idle`. docs/scaling.md lists the results.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { writeNpy } from '../../../common/maps/npy.ts';
import { version } from '../../../platform/version.ts';
import { Secrets } from '../../../files/secrets.ts';
import { Store } from '../../../store/store.ts';
import { openRuns } from '../../runs/runs.ts';
import { addCloth, quickMethods } from '../../runs/test/cloth.ts';
import { decodeAnswer } from '../answer-bytes.ts';
import { createCertificate } from '../certificate.ts';
import { Endpoint } from '../endpoint.ts';
import { OfferedFiles } from '../offered-files.ts';
import { Queue } from '../queue.ts';
import { QueueSource } from '../queue-source.ts';
import { queueNameOf, requirementOf } from '../requirement.ts';
import { taskQueueOptions } from '../task-queue-options.ts';
import { InstantEngine } from './instant-engine.ts';
import { TestPostgres } from './postgres.ts';
import { treeCpuMs } from './process-cpu.ts';
import type { Clients, Workers } from './simulated-clients.ts';

const SECONDS = 6;
const { signal } = new AbortController();
const folder = await mkdtemp(join(tmpdir(), 'perch-saturation-'));
const measurements = { endpoint, host, store, postgres, idle };
const names = process.argv.slice(2) as (keyof typeof measurements)[];
try {
  for (const name of names) await measurements[name]();
} finally {
  await rm(folder, { recursive: true, force: true });
}

function simulate(kind: 'clients', options: Clients): ChildProcess;
function simulate(kind: 'workers', options: Workers): ChildProcess;
function simulate(kind: string, options: Clients | Workers): ChildProcess {
  const program = join(import.meta.dirname, 'simulated-clients.ts');
  const stdio = ['ignore', 'pipe', 'inherit'] as const;
  return spawn(process.execPath, [program, kind, JSON.stringify(options)], { stdio: [...stdio] });
}

/** The endpoint alone: no queue, no store. */
async function endpoint(): Promise<void> {
  for (const bytes of [20_000, 1_000_000])
    for (const keys of [undefined, await createCertificate()])
      for (const connections of [10, 50, 100]) {
        const content = randomBytes(bytes);
        const sha256 = createHash('sha256').update(content).digest('hex');
        const path = join(folder, sha256);
        await writeFile(path, content);
        const files = new OfferedFiles();
        files.add(sha256, { path, bytes });
        const served = new Endpoint(
          files,
          {
            limitOf: () => 1_000_000,
            receive: async (_, answer) => (decodeAnswer(answer).map ? 204 : 400),
            lost: (_, cause) => console.error(cause),
          },
          keys,
        );
        const port = await served.listen('127.0.0.1', 0);
        const child = simulate('clients', {
          host: {
            id: '',
            name: '',
            version: '',
            token: served.token,
            certificate: keys?.certificate ?? null,
            url: `${keys ? 'https' : 'http'}://127.0.0.1:${port}`,
          },
          sha256,
          connections,
          seconds: SECONDS,
        });
        const before = process.cpuUsage();
        let text = '';
        child.stdout?.on('data', (chunk: Buffer) => (text += chunk.toString()));
        await once(child, 'exit');
        const done = Number(text);
        console.log(
          `endpoint, ${keys ? 'TLS' : 'plain'}, image of ${bytes / 1000} KB, map of 64 KB, ${connections} connections: ` +
            `${Math.round(done / SECONDS)} tasks/s, ${perTask(before, done)} of the host`,
        );
        served.close();
      }
}

/** A run whose workers answer at once. */
async function host(): Promise<void> {
  const tasks = 3000;
  for (const count of [1, 10, 100]) {
    const server = await TestPostgres.start({ connections: 1000 });
    const url = await server.createDatabase('perch');
    const home = join(folder, `host${count}`);
    const kept = new Store(home);
    const { dataset } = await addCloth(kept, join(home, 'cloth'), { images: tasks });
    const { id } = kept.methods.upsertDefinition(quickMethods[0], 'measured');
    const source = new QueueSource(kept.settings, new Secrets(home), { PERCH_QUEUE: url });
    const runs = openRuns(kept, new InstantEngine(), source);
    const child = simulate('workers', { url, folder: join(home, 'workers'), count });
    await pause(4000);
    const run = await runs.start({ dataset, methods: [id], provider: 'cpu', place: 'workers' }, signal);
    const { pid = 0 } = server.process;
    let [first, results] = [0, 0];
    let [serverMs, workersMs] = [0, 0];
    let own = process.cpuUsage();
    for await (const event of await runs.watch(undefined, signal)) {
      if (event.type === 'failed') throw new Error(event.item.error?.message);
      if (event.type === 'result') {
        // The first ones include the start.
        if (++results === 500) {
          first = performance.now();
          [serverMs, workersMs] = [treeCpuMs(pid), treeCpuMs(child.pid ?? 0)];
          own = process.cpuUsage();
        }
      }
      if (event.type === 'runs' && event.runs.find((each) => each.id === run.id)?.state === 'done') break;
    }
    const done = results - 500;
    const seconds = (performance.now() - first) / 1000;
    const ms = (total: number) => `${(total / done).toFixed(2)} ms`;
    const queue = await Queue.open(url);
    const connections = await countConnections(queue);
    console.log(
      `${count} workers: ${Math.round(done / seconds)} tasks/s; CPU per task: ${perTask(own, done)} of the host, ` +
        `${ms(treeCpuMs(pid) - serverMs)} of PostgreSQL, ${ms(treeCpuMs(child.pid ?? 0) - workersMs)} of the workers; ` +
        `${connections} connections`,
    );
    await queue.close();
    child.kill();
    await once(child, 'exit');
    await runs.close();
    kept.close();
    await server.stop();
  }
}

/** Results that enter the store: files first, then rows in one transaction per batch. */
async function store(): Promise<void> {
  const count = 2000;
  for (const size of [1, 10, 50]) {
    const home = join(folder, `store${size}`);
    const kept = new Store(home);
    const { images } = await addCloth(kept, join(home, 'cloth'), { images: count });
    const { id: method } = kept.methods.upsertDefinition(quickMethods[0], 'measured');
    const maps = images.map(() =>
      writeNpy({ shape: [128, 128], values: Float32Array.from({ length: 128 * 128 }, Math.random) }),
    );
    let [files, rows] = [0, 0];
    for (let at = 0; at < count; at += size) {
      let since = performance.now();
      const blobs = await Promise.all(maps.slice(at, at + size).map((map) => kept.blobs.write(map)));
      files += performance.now() - since;
      since = performance.now();
      kept.transaction(() => {
        kept.blobs.enter(blobs);
        for (const [offset, { sha256 }] of blobs.entries()) {
          kept.results.add({
            image: images[at + offset],
            method,
            imageSha256: sha256,
            modelSha256: null,
            map: sha256,
            mapWidth: 128,
            mapHeight: 128,
            width: 1024,
            height: 1024,
            extentWidth: 1024,
            extentHeight: 1024,
            min: 0,
            max: 1,
            threshold: 0.5,
            seconds: {},
            device: 'CPU',
            versions: {},
            worker: 'simulated',
          });
        }
      });
      rows += performance.now() - since;
    }
    console.log(
      `store, ${size} results at a time: ${(files / count).toFixed(2)} ms per result for its file, ` +
        `${(rows / count).toFixed(2)} ms for its rows, ${Math.round((1000 * count) / (files + rows))} results/s`,
    );
    kept.close();
  }
}

/** pg-boss alone: tasks are taken and completed at once. */
async function postgres(): Promise<void> {
  const server = await TestPostgres.start({ connections: 300 });
  const data = {
    image: { sha256: '0'.repeat(64), name: 'linen/test/good/001.png' },
    method: quickMethods[0],
  };
  for (const pollers of [1, 10, 100]) {
    const jobs = 4000;
    const queue = await Queue.open(await server.createDatabase(`pollers${pollers}`), {
      connections: pollers,
    });
    await queue.boss.createQueue('tasks', taskQueueOptions);
    const since = performance.now();
    for (let at = 0; at < jobs; at += 100)
      await queue.boss.insert(
        'tasks',
        Array.from({ length: 100 }, () => ({ id: randomUUID(), data })),
      );
    const inserted = performance.now();
    const { pid = 0 } = server.process;
    const before = treeCpuMs(pid);
    const own = process.cpuUsage();
    const poll = async (): Promise<void> => {
      for (;;) {
        const [job] = await queue.boss.fetch('tasks');
        if (!job) return;
        await queue.boss.complete('tasks', job.id);
      }
    };
    await Promise.all(Array.from({ length: pollers }, poll));
    const seconds = (performance.now() - inserted) / 1000;
    console.log(
      `PostgreSQL, ${pollers} pollers: ${Math.round(jobs / seconds)} tasks/s taken and completed, ` +
        `${((treeCpuMs(pid) - before) / jobs).toFixed(2)} ms of its CPU and ${perTask(own, jobs)} of the client each; ` +
        `added ${Math.round((1000 * jobs) / (inserted - since))} tasks/s in hundreds`,
    );
    await queue.close();
  }
  await server.stop();
}

/** Workers that wait for tasks. */
async function idle(): Promise<void> {
  const server = await TestPostgres.start({ connections: 1000 });
  for (const count of [1, 10, 100]) {
    const url = await server.createDatabase(`idle${count}`);
    const queue = await Queue.open(url);
    const needed = requirementOf(quickMethods[0], 'cpu', version);
    await queue.boss.createQueue(queueNameOf(needed), taskQueueOptions);
    await queue.query("INSERT INTO perch.requirements VALUES ($1, $2, now() + interval '1 hour')", [
      queueNameOf(needed),
      JSON.stringify(needed),
    ]);
    const child = simulate('workers', { url, folder: join(folder, `idle${count}`), count });
    await pause(15_000);
    const { pid = 0 } = server.process;
    const [before, cpu, since] = [await countStatements(queue), treeCpuMs(pid), performance.now()];
    await pause(15_000);
    const seconds = (performance.now() - since) / 1000;
    console.log(
      `${count} idle workers: ${Math.round(((await countStatements(queue)) - before) / seconds)} transactions/s, ` +
        `${((treeCpuMs(pid) - cpu) / seconds / 10).toFixed(1)} % of a core, ${await countConnections(queue)} connections`,
    );
    child.kill();
    await once(child, 'exit');
    await queue.close();
  }
  await server.stop();
}

function perTask(before: NodeJS.CpuUsage, tasks: number): string {
  const { user, system } = process.cpuUsage(before);
  return `${((user + system) / 1000 / tasks).toFixed(2)} ms`;
}

async function countStatements(queue: Queue): Promise<number> {
  const [{ count }] = await queue.query<{ count: string }>(
    'SELECT xact_commit + xact_rollback AS count FROM pg_stat_database WHERE datname = current_database()',
  );
  return Number(count);
}

/** Those of workers and hosts, without the one that asks. */
async function countConnections(queue: Queue): Promise<number> {
  const [{ count }] = await queue.query<{ count: string }>(
    "SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend' AND datname = current_database()",
  );
  return Number(count);
}
