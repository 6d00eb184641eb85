import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { PerchError } from '../../../common/api/errors.ts';
import { EngineClient } from '../../client/engine-client.ts';
import { mutated, seeds } from './mutations.ts';

/**
 * Makes an engine read mutated files of every format as images, masks and maps: `npm run fuzz -- [FILES [FIRST]]`. Fails if a file crashes
 * the engine, takes more than 10 s or 2 GiB, or is rejected without its name and a reason.
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
    let [read, rejected, slowest] = [0, 0, 0];
    for (let number = first; number < first + count; number++) {
      const { name, bytes } = mutated(names, number);
      const path = join(folder, `mutated${extname(name)}`);
      await writeFile(path, bytes);
      for (const use of format.startsWith('map') ? [asMap] : [asImage, asMask]) {
        const start = performance.now();
        const fault = await faultOf(path, () => use(path, AbortSignal.timeout(1000 * LIMIT_SECONDS)));
        slowest = Math.max(slowest, (performance.now() - start) / 1000);
        if (fault === 'rejected') rejected++;
        else if (fault === undefined) read++;
        else faults.push(`${format} ${number} (${name}, ${use.name}): ${fault}`);
      }
    }
    const bytes = peakBytes();
    if (bytes > LIMIT_BYTES) faults.push(`${format}: the engine used ${bytes} bytes`);
    const memory = bytes === 0 ? '' : `, peak ${Math.round(bytes / 2 ** 20)} MiB`;
    console.log(`${format}: ${read} read, ${rejected} rejected, slowest ${slowest.toFixed(2)} s${memory}`);
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

/** Returns undefined for a file that was read, `rejected` for a proper rejection, and a description of any other outcome. */
async function faultOf(path: string, use: () => Promise<void>): Promise<string | undefined> {
  try {
    await use();
    return undefined;
  } catch (thrown) {
    if (!(thrown instanceof PerchError)) return `failed with ${String(thrown)}`;
    const { code, message } = thrown;
    const isRejection = [
      'NOT_AN_IMAGE',
      'IMAGE_TOO_LARGE',
      'INVALID_MASK',
      'INVALID_MAP',
      'INVALID_NPY',
    ].includes(code);
    return isRejection && message.includes(path) && message.length > path.length + 20
      ? 'rejected'
      : `${code}: ${message}`;
  }
}

/** Peak memory of the engine; 0 if the system does not report it. */
function peakBytes(): number {
  try {
    const status = readFileSync(`/proc/${engine.pid ?? 0}/status`, 'utf8');
    return 1024 * Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0);
  } catch {
    return 0;
  }
}
