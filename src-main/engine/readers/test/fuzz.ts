import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { PerchError } from '../../../common/api/errors.ts';
import { EngineClient } from '../../client/engine-client.ts';
import { mutated, seeds } from './mutations.ts';

/**
 * Has an engine read mutated files of every format, as images, as masks and as maps: `npm run fuzz -- [FILES [FIRST]]`. Fails where a file
 * crashes it, takes longer than 10 s, takes it beyond 2 GiB, or is refused without its name and a reason.
 */
const LIMIT_SECONDS = 10;
const LIMIT_BYTES = 2 * 2 ** 30;
const MAX_PIXELS = 64e6;
const [count = 1000, first = 0] = process.argv.slice(2).map(Number);

const folder = await mkdtemp(join(tmpdir(), 'perch-fuzz-'));
const engine = new EngineClient();
const faults: string[] = [];
try {
  for (const { format, names } of seeds()) {
    let [read, refused, slowest] = [0, 0, 0];
    for (let number = first; number < first + count; number++) {
      const { name, bytes } = mutated(names, number);
      const path = join(folder, `mutated${extname(name)}`);
      await writeFile(path, bytes);
      for (const use of format.startsWith('map') ? [asMap] : [asImage, asMask]) {
        const start = performance.now();
        const fault = await faultOf(path, () => use(path, AbortSignal.timeout(1000 * LIMIT_SECONDS)));
        slowest = Math.max(slowest, (performance.now() - start) / 1000);
        if (fault === 'refused') refused++;
        else if (fault === undefined) read++;
        else faults.push(`${format} ${number} (${name}, ${use.name}): ${fault}`);
      }
    }
    const bytes = peakBytes();
    if (bytes > LIMIT_BYTES) faults.push(`${format}: the engine took ${bytes} bytes`);
    const memory = bytes === 0 ? '' : `, engine ${Math.round(bytes / 2 ** 20)} MiB at its peak`;
    console.log(`${format}: ${read} read, ${refused} refused, slowest ${slowest.toFixed(2)} s${memory}`);
  }
} finally {
  await engine.close();
  await rm(folder, { recursive: true, force: true });
}
for (const fault of faults) console.error(fault);
process.exitCode = faults.length > 0 ? 1 : 0;

async function asImage(path: string, signal: AbortSignal): Promise<void> {
  await engine.request('measureBitDepths', { path, maxPixels: MAX_PIXELS }, { signal });
  await engine.request('preview', { path, side: 192, maxPixels: MAX_PIXELS }, { signal });
  await engine.request('ingestImage', { path, masks: [], strip: false, maxPixels: MAX_PIXELS }, { signal });
}

async function asMask(path: string, signal: AbortSignal): Promise<void> {
  await engine.request(
    'normalizeMask',
    { mask: { path, maxPixels: MAX_PIXELS }, width: 24, height: 16 },
    { signal },
  );
}

async function asMap(path: string, signal: AbortSignal): Promise<void> {
  await engine.request('readMap', { path }, { signal });
}

/** What is wrong with how a file was taken: nothing where it was read, `refused` where it was refused as it should be. */
async function faultOf(path: string, use: () => Promise<void>): Promise<string | undefined> {
  try {
    await use();
    return undefined;
  } catch (thrown) {
    if (!(thrown instanceof PerchError)) return `failed with ${String(thrown)}`;
    const { code, message } = thrown;
    const isRefusal = [
      'NOT_AN_IMAGE',
      'IMAGE_TOO_LARGE',
      'INVALID_MASK',
      'INVALID_MAP',
      'INVALID_NPY',
    ].includes(code);
    return isRefusal && message.includes(path) && message.length > path.length + 20
      ? 'refused'
      : `${code}: ${message}`;
  }
}

/** The most memory that the engine has had; 0 where the system does not tell. */
function peakBytes(): number {
  try {
    const status = readFileSync(`/proc/${engine.pid ?? 0}/status`, 'utf8');
    return 1024 * Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0);
  } catch {
    return 0;
  }
}
