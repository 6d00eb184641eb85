import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { PerchError } from '../../common/api/errors.ts';
import type { PatchCoreMethod } from '../../common/api/schemas.ts';
import { splitPage } from '../../files/paged-path.ts';
import type { ModelRunner } from '../../methods/extractors/extractor.ts';
import { extractorNamed } from '../../methods/registry.ts';
import { coreset } from '../../methods/patchcore/coreset.ts';
import { CORESET_LIMITS, type CoresetLimits, coresetSize } from '../../methods/patchcore/coreset-size.ts';
import {
  aggregateNeighborhood,
  type Patches,
  gatherRows,
  concatRows,
} from '../../methods/patchcore/patches.ts';
import { mulberry32, sampleIndices } from '../../methods/prng.ts';
import type { Execution } from '../../methods/types.ts';
import { decodeImage } from '../readers/decode-image.ts';
import { assertExtractable, resizeImage } from './features.ts';
import { imageChanged } from './image-cache.ts';
import { readImageFile } from '../readers/open-image.ts';
import type { NormalImage } from '../protocol/messages.ts';

export interface BankRequest {
  method: PatchCoreMethod;
  normal: readonly NormalImage[];
  maxPixels: number;
}

/** Part of the progress that extracting takes; the rest is choosing. */
const EXTRACTING = 0.6;

/** Banks that are kept: a run may compare each image by several. */
const KEPT = 4;

/** The banks that were used last, the latest at the end. */
const banks = new Map<string, Patches>();
const hashes = new Map<string, { version: string; hash: string }>();

/**
 * PatchCore's memory bank of normal images; built at the first call with these files, this method and the model that it
 * stands for now, and kept for the next.
 *
 * @throws PerchError `INVALID_ARGUMENT` where no normal images are given, `IMAGE_CHANGED`; what reading and extracting throw
 */
export async function getMemoryBank(
  request: BankRequest,
  runner: ModelRunner,
  execution: Execution,
  limits = CORESET_LIMITS,
): Promise<Patches> {
  const { method, normal } = request;
  if (normal.length === 0) {
    throw new PerchError('INVALID_ARGUMENT', 'PatchCore compares with normal images, and none were given.');
  }
  const { modelSha256 } = extractorNamed(method.extractor);
  const images = await Promise.all(
    normal.map(async (image) => [
      await checkedHash(image),
      image.crop,
      splitPage(image.path).page,
      image.bitDepth,
    ]),
  );
  const key = JSON.stringify([method, modelSha256, limits, images]);
  const bank = banks.get(key) ?? (await buildBank(request, runner, execution, limits));
  banks.delete(key);
  banks.set(key, bank);
  for (const oldest of banks.keys()) if (banks.size > KEPT) banks.delete(oldest);
  return bank;
}

async function buildBank(
  { method, normal, maxPixels }: BankRequest,
  runner: ModelRunner,
  execution: Execution,
  limits: CoresetLimits,
): Promise<Patches> {
  const extractor = extractorNamed(method.extractor);
  const quota = Math.max(1, Math.floor(limits.candidates / normal.length));
  const candidates: Patches[] = [];
  let positions = 0;
  for (const [at, { path, crop, bitDepth }] of normal.entries()) {
    execution.signal?.throwIfAborted();
    execution.onProgress?.((EXTRACTING * at) / normal.length);
    const image = resizeImage(await decodeImage(path, { maxPixels, crop, bitDepth }), method.resize);
    assertExtractable(path, image, extractor);
    const quiet = { threads: execution.threads, ...(execution.signal && { signal: execution.signal }) };
    const { features } = await extractor.extract(image, runner, quiet);
    const patches = aggregateNeighborhood(features);
    positions += patches.count;
    candidates.push(sampleRows(patches, quota, at));
  }
  const all = concatRows(candidates);
  const { chosen } = coresetSize(method.coresetRatio, positions, { ...limits, candidates: all.count });
  const choosing = {
    ...execution,
    onProgress: (fraction: number) => execution.onProgress?.(EXTRACTING + (1 - EXTRACTING) * fraction),
  };
  return gatherRows(all, await coreset(all, chosen, choosing));
}

/** At most `quota` of the patches, sampled without replacement. */
function sampleRows(patches: Patches, quota: number, seed: number): Patches {
  if (patches.count <= quota) return patches;
  return gatherRows(patches, sampleIndices(patches.count, quota, mulberry32(seed)));
}

/** SHA-256 of the file of a normal image. @throws PerchError `IMAGE_CHANGED` where it is not what it has to be */
async function checkedHash({ path, sha256 }: NormalImage): Promise<string> {
  const hash = await hashOf(path);
  if (sha256 !== undefined && sha256 !== hash) throw imageChanged(path);
  return hash;
}

/** SHA-256 of a file; taken again only where its size or time changed. */
async function hashOf(path: string): Promise<string> {
  const version = await stat(splitPage(path).file).then(
    ({ size, mtimeMs }) => `${size} ${mtimeMs}`,
    () => 'missing',
  );
  const known = hashes.get(path);
  if (known?.version === version) return known.hash;
  const hash = createHash('sha256')
    .update(await readImageFile(path))
    .digest('hex');
  hashes.set(path, { version, hash });
  return hash;
}
