/**
 * Times the import of many small images: `node src-main/services/datasets/test/measure-import.ts [images]`.
 * Half of them have masks. The figures of docs/benchmarks.md come from here.
 */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EngineClient } from '../../../engine/client.ts';
import { Store } from '../../../store/store.ts';
import { openDatasets } from '../datasets.ts';
import { lay, maskPicture, picture } from './pictures.ts';

const count = Number(process.argv[2] ?? 10_000);
const folder = await mkdtemp(join(tmpdir(), 'perch-import-'));
const engine = new EngineClient();
try {
  const root = join(folder, 'dataset');
  for (let seed = 0; seed < count; seed += 2) {
    const kind = `cloth${seed % 10}`;
    await lay(root, {
      [`${kind}/test/good/${seed}.png`]: picture(seed, 128, 128),
      [`${kind}/test/hole/${seed}.png`]: picture(seed + 1, 128, 128),
      [`${kind}/ground_truth/hole/${seed}_mask.png`]: maskPicture(
        9 + (seed % 50),
        128,
        128,
        seed % 60,
        seed % 50,
      ),
    });
  }
  const store = new Store(join(folder, 'home'));
  const datasets = openDatasets(store, engine);
  const timed = async () => {
    const start = performance.now();
    let images = 0;
    const source = { paths: [root], layout: 'auto' as const };
    for await (const event of await datasets.import(source, new AbortController().signal)) {
      if (event.type === 'imported') images = event.dataset.classes.reduce((sum, of) => sum + of.images, 0);
    }
    return `${images} images in ${((performance.now() - start) / 1000).toFixed(1)} s`;
  };
  console.log(`first import:  ${await timed()}`);
  console.log(`again:         ${await timed()}`);
  console.log(`peak memory:   host ${await peakOf(process.pid)}, engine ${await peakOf(engine.pid)}`);
  console.log(`store:         ${((await store.databaseBytes()) / 2 ** 20).toFixed(1)} MiB database`);
  store.close();
} finally {
  await engine.close();
  await rm(folder, { recursive: true, force: true });
}

/** The largest resident size that a process ever had; known on Linux. */
async function peakOf(pid: number | undefined): Promise<string> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  const kibibytes = /VmHWM:\s+(\d+)/.exec(status)?.[1];
  return kibibytes ? `${Math.round(Number(kibibytes) / 1024)} MiB` : 'unknown';
}
