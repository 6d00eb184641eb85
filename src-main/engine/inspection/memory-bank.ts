import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { LRUCache } from 'lru-cache';
import { PerchError } from '../../common/api/errors.ts';
import type { InspectionRegion } from '../../common/api/regions.ts';
import type { PatchCoreMethod } from '../../common/api/schemas.ts';
import { splitPage } from '../../files/paged-path.ts';
import { regionSha256 } from '../../files/region-sha256.ts';
import type { Extraction, ModelRunner } from '../../methods/extractors/extractor.ts';
import { extractorNamed } from '../../methods/registry.ts';
import { coreset } from '../../methods/patchcore/coreset.ts';
import { CORESET_LIMITS, type CoresetLimits, coresetSize } from '../../methods/patchcore/coreset-size.ts';
import {
  NEIGHBORHOOD,
  type Patches,
  patchVectors,
  gatherRows,
  concatRows,
} from '../../methods/patchcore/patches.ts';
import { mulberry32, sampleIndices } from '../../methods/prng.ts';
import { patchesInside } from '../../methods/references/patches-inside.ts';
import type { Execution } from '../../methods/types.ts';
import { decodeImage } from '../readers/decode-image.ts';
import { assertExtractable, resizeImage } from './features.ts';
import { imageChanged } from './image-cache.ts';
import { assertRegionFits, insideFeatures } from './region.ts';
import { readImageFile } from '../readers/open-image.ts';
import type { NormalImage } from '../protocol/messages.ts';

export interface BankRequest {
  method: PatchCoreMethod;
  normal: readonly NormalImage[];
  maxPixels: number;
  /** The part of each normal image that the bank is built from; the whole image if absent. */
  region?: InspectionRegion | null | undefined;
}

/** Fraction of the progress that extraction takes. The rest is the coreset. */
const EXTRACTION_PROGRESS = 0.6;

/** The memory banks used last. A run may compare each image with several. */
const banks = new LRUCache<string, Patches>({ max: 4 });
/** Checksums of normal images, by path. */
const hashes = new LRUCache<string, { version: string; hash: string }>({ max: 10_000 });

/**
 * PatchCore's memory bank of normal images. It is built on the first call with these files, method and model, and cached.
 *
 * @throws PerchError `INVALID_ARGUMENT` without normal images, `IMAGE_CHANGED`; what reading and extraction throw
 */
export async function getMemoryBank(
  request: BankRequest,
  runner: ModelRunner,
  execution: Execution,
  limits = CORESET_LIMITS,
): Promise<Patches> {
  const { method, normal, region } = request;
  if (normal.length === 0) {
    throw new PerchError(
      'INVALID_ARGUMENT',
      'PatchCore needs normal images for comparison, but none were given.',
    );
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
  const key = JSON.stringify([method, modelSha256, limits, images, regionSha256(region ?? null)]);
  const bank = banks.get(key) ?? (await buildBank(request, runner, execution, limits));
  banks.set(key, bank);
  return bank;
}

async function buildBank(
  { method, normal, maxPixels, region }: BankRequest,
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
    execution.onProgress?.((EXTRACTION_PROGRESS * at) / normal.length);
    const file = await decodeImage(path, { maxPixels, crop, bitDepth });
    assertRegionFits({ path, region, method }, file);
    const image = resizeImage(file, method.resize);
    assertExtractable(path, image, extractor);
    const quiet = { threads: execution.threads, ...(execution.signal && { signal: execution.signal }) };
    const extraction = await extractor.extract(image, runner, quiet);
    const inside = insideFeatures(extraction, file, { path, region, method });
    const patches = patchesOf(extraction, inside);
    positions += patches.count;
    candidates.push(sampleRows(patches, quota, at));
  }
  const all = concatRows(candidates);
  const { chosen } = coresetSize(method.coresetRatio, positions, { ...limits, candidates: all.count });
  const coresetExecution = {
    ...execution,
    onProgress: (fraction: number) =>
      execution.onProgress?.(EXTRACTION_PROGRESS + (1 - EXTRACTION_PROGRESS) * fraction),
  };
  return gatherRows(all, await coreset(all, chosen, coresetExecution));
}

/** The patches of a normal image whose neighborhoods are inside the inspection region. */
function patchesOf(extraction: Extraction, inside: Uint8Array | undefined): Patches {
  const patches = patchVectors(extraction);
  return inside ? gatherRows(patches, patchesInside(inside, extraction.features, NEIGHBORHOOD)) : patches;
}

/** Samples at most `quota` patches without replacement. */
function sampleRows(patches: Patches, quota: number, seed: number): Patches {
  if (patches.count <= quota) return patches;
  return gatherRows(patches, sampleIndices(patches.count, quota, mulberry32(seed)));
}

/** SHA-256 of a normal image's file. @throws PerchError `IMAGE_CHANGED` if it is not the expected one */
async function checkedHash({ path, sha256 }: NormalImage): Promise<string> {
  const hash = await hashOf(path);
  if (sha256 !== undefined && sha256 !== hash) throw imageChanged(path);
  return hash;
}

/** SHA-256 of a file, computed again only after its size or time changed. */
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
