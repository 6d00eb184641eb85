/**
 * Times a large dataset from import to metrics: `node src-main/services/test/measure-many.ts [images]`.
 * Half of the images have masks. docs/benchmarks.md lists the results.
 */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DEFAULT_PRO_FPR_LIMIT } from '../../common/api/pro-limit.ts';
import { EngineClient } from '../../engine/client/engine-client.ts';
import { Store } from '../../store/store.ts';
import { openDatasets } from '../datasets/datasets.ts';
import { lay, maskPicture, picture } from '../datasets/test/pictures.ts';
import { openEvaluations } from '../evaluation/evaluation.ts';
import { defaultMethod } from '../methods/method-options.ts';
import { openRuns } from '../runs/runs.ts';

const count = Number(process.argv[2] ?? 10_000);
const { signal } = new AbortController();
const folder = await mkdtemp(join(tmpdir(), 'perch-many-'));
const root = join(folder, 'dataset');
await writePictures();

const store = new Store(join(folder, 'home'));
const engine = new EngineClient();
const runs = openRuns(store, engine);
try {
  await timed('first import', importAll);
  await timed('import again', importAll);
  const [{ id: dataset }] = store.datasets.list();
  const method = store.methods.upsertDefinition(defaultMethod, 'default').id;
  await timed('run', () => runToItsEnd(dataset, method));
  await timed('run again', () => runToItsEnd(dataset, method));
  await timed('evaluation', () => evaluateAll(dataset, method));
  await timed('evaluation again', () => evaluateAll(dataset, method));
  const { bytes } = await store.blobs.stats();
  console.log(
    `store: database ${inMiB(await store.databaseBytes())}, maps, masks, thumbnails ${inMiB(bytes)}`,
  );
} finally {
  runs.close();
  await engine.close();
  store.close();
  await rm(folder, { recursive: true, force: true });
}

async function writePictures(): Promise<void> {
  for (let seed = 0; seed < count; seed += 2) {
    const kind = `cloth${seed % 10}`;
    const mask = maskPicture(9 + (seed % 50), 128, 128, seed % 60, seed % 50);
    await lay(root, {
      [`${kind}/test/good/${seed}.png`]: picture(seed, 128, 128),
      [`${kind}/test/hole/${seed}.png`]: picture(seed + 1, 128, 128),
      [`${kind}/ground_truth/hole/${seed}_mask.png`]: mask,
    });
  }
}

async function timed(what: string, work: () => Promise<unknown>): Promise<void> {
  const start = performance.now();
  await work();
  const seconds = (performance.now() - start) / 1000;
  const memory = `host ${await peakOf(process.pid)}, engine ${await peakOf(engine.pid)}`;
  console.log(`${what}: ${seconds.toFixed(seconds < 10 ? 2 : 0)} s (peak memory so far: ${memory})`);
}

async function importAll(): Promise<void> {
  for await (const event of await openDatasets(store, engine).import(
    { paths: [root], layout: 'auto' },
    signal,
  )) {
    if (event.type === 'imported') console.log(`${event.dataset.classes.length} classes`);
  }
}

async function runToItsEnd(dataset: number, method: number): Promise<void> {
  const { id } = await runs.start({ dataset, methods: [method], provider: 'cpu' }, signal);
  for await (const event of await runs.watch(undefined, signal)) {
    const run = event.type === 'runs' ? event.runs.find((each) => each.id === id) : undefined;
    if (run?.state === 'done') return;
  }
}

async function evaluateAll(dataset: number, method: number): Promise<void> {
  const scope = { dataset, methods: [method], proFprLimit: DEFAULT_PRO_FPR_LIMIT };
  for await (const event of await openEvaluations(store, engine).table(scope, signal)) {
    if (event.type === 'cell' && event.cell.metrics.images === 0) throw new Error('a class has no results');
  }
}

/** The peak resident memory of a process; only available on Linux. */
async function peakOf(pid: number | undefined): Promise<string> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  const kibibytes = /VmHWM:\s+(\d+)/.exec(status)?.[1];
  return kibibytes ? inMiB(Number(kibibytes) * 1024) : 'unknown';
}

function inMiB(bytes: number): string {
  return `${Math.round(bytes / 2 ** 20)} MiB`;
}
