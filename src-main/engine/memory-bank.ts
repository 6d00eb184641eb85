import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { PerchError } from '../api/errors.ts';
import type { BankMethod } from '../api/schemas.ts';
import { readInputFile } from '../files/read.ts';
import type { GraphRunner } from '../methods/extractors/extractor.ts';
import { extractorNamed } from '../methods/registry.ts';
import { coreset } from '../methods/patchcore/coreset.ts';
import { locallyAware, type Patches, pick, together } from '../methods/patchcore/patches.ts';
import { uniformStream } from '../methods/random-stream.ts';
import type { Execution } from '../methods/types.ts';
import { decodeImage } from './decode.ts';
import { refuseUnfit, resized } from './features.ts';

export interface BankRequest {
  method: BankMethod;
  /** Paths of the normal images. */
  normal: readonly string[];
  maxPixels: number;
}

/** What bounds the time and memory that a bank takes. */
interface Limits {
  /** Positions of all images together that it is chosen from; beyond, the same number is drawn from each image. */
  candidates: number;
  size: number;
}

/** With 512 channels the candidates take 128 MiB and the bank 16 MiB; choosing takes half a minute. */
const LIMITS: Limits = { candidates: 65536, size: 8192 };
/** Part of the progress that extracting takes; the rest is choosing. */
const EXTRACTING = 0.6;

/** The bank that was built last: the images of a run are compared with one and the same. */
let latest: { key: string; bank: Patches } | undefined;
const hashes = new Map<string, { version: string; hash: string }>();

/**
 * PatchCore's memory bank of normal images; built at the first call with these files and this method, kept until another
 * is asked for.
 *
 * @throws PerchError `INVALID_ARGUMENT` where no normal images are given; what reading and extracting throw
 */
export async function memoryBank(
  request: BankRequest,
  graphs: GraphRunner,
  execution: Execution,
  limits = LIMITS,
): Promise<Patches> {
  const { method, normal } = request;
  if (normal.length === 0) {
    throw new PerchError('INVALID_ARGUMENT', 'PatchCore compares with normal images, and none were given.');
  }
  const key = JSON.stringify([method, limits, await Promise.all(normal.map(hashOf))]);
  if (latest?.key !== key) latest = { key, bank: await buildBank(request, graphs, execution, limits) };
  return latest.bank;
}

async function buildBank(
  { method, normal, maxPixels }: BankRequest,
  graphs: GraphRunner,
  execution: Execution,
  limits: Limits,
): Promise<Patches> {
  const extractor = extractorNamed(method.extractor);
  const quota = Math.max(1, Math.floor(limits.candidates / normal.length));
  const candidates: Patches[] = [];
  let positions = 0;
  for (const [at, path] of normal.entries()) {
    execution.signal?.throwIfAborted();
    execution.onProgress?.((EXTRACTING * at) / normal.length);
    const image = resized(await decodeImage(path, maxPixels), method.resize);
    refuseUnfit(path, image, extractor);
    const quiet = { threads: execution.threads, ...(execution.signal && { signal: execution.signal }) };
    const { features } = await extractor.extract(image, graphs, quiet);
    const patches = locallyAware(features);
    positions += patches.count;
    candidates.push(pick(patches, drawn(patches.count, quota, at)));
  }
  const all = together(candidates);
  const size = Math.min(limits.size, all.count, Math.max(1, Math.round(method.bank * positions)));
  const choosing = {
    ...execution,
    onProgress: (fraction: number) => execution.onProgress?.(EXTRACTING + (1 - EXTRACTING) * fraction),
  };
  return pick(all, await coreset(all, size, choosing));
}

/** `number` of the indices below `count`, drawn without replacement; all of them where there are no more. */
function drawn(count: number, number: number, seed: number): Uint32Array {
  const indices = Uint32Array.from({ length: count }, (_, i) => i);
  if (count <= number) return indices;
  const uniform = uniformStream(seed);
  for (let i = 0; i < number; i++) {
    const j = i + Math.floor(uniform() * (count - i));
    [indices[i], indices[j]] = [indices[j], indices[i]];
  }
  return indices.subarray(0, number);
}

/** SHA-256 of a file; taken again only where its size or time changed. */
async function hashOf(path: string): Promise<string> {
  const version = await stat(path).then(
    ({ size, mtimeMs }) => `${size} ${mtimeMs}`,
    () => 'missing',
  );
  const known = hashes.get(path);
  if (known?.version === version) return known.hash;
  const hash = createHash('sha256')
    .update(await readInputFile(path))
    .digest('hex');
  hashes.set(path, { version, hash });
  return hash;
}
