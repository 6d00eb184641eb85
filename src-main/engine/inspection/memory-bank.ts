import type { PatchCoreMethod } from '../../common/api/schemas.ts';
import type { Extraction, ModelRunner } from '../../methods/extractors/extractor.ts';
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
import { extractorNamed } from '../../methods/registry.ts';
import type { Execution } from '../../methods/types.ts';
import { cachedFromNormal, eachNormalImage, type NormalRequest } from './normal-images.ts';

/** Fraction of the progress that extraction takes. The rest is the coreset. */
const EXTRACTION_PROGRESS = 0.6;

/**
 * PatchCore's memory bank of normal images. It is built on the first call with these files, method and model, and cached.
 *
 * @throws PerchError what `cachedFromNormal` and `eachNormalImage` throw
 */
export function getMemoryBank(
  request: NormalRequest<PatchCoreMethod>,
  runner: ModelRunner,
  execution: Execution,
  limits = CORESET_LIMITS,
): Promise<Patches> {
  return cachedFromNormal('memory bank', request, limits, () =>
    buildBank(request, runner, execution, limits),
  );
}

async function buildBank(
  request: NormalRequest<PatchCoreMethod>,
  runner: ModelRunner,
  execution: Execution,
  limits: CoresetLimits,
): Promise<Patches> {
  const { method, normal } = request;
  const quota = Math.max(1, Math.floor(limits.candidates / normal.length));
  const candidates: Patches[] = [];
  let positions = 0;
  const { extract } = extractorNamed(method.extractor);
  const part = (from: number, size: number): Execution => ({
    ...execution,
    onProgress: (fraction) => execution.onProgress?.(from + size * fraction),
  });
  await eachNormalImage(
    request,
    extract,
    runner,
    part(0, EXTRACTION_PROGRESS),
    ({ extraction, inside, at }) => {
      const patches = patchesOf(extraction, inside);
      positions += patches.count;
      candidates.push(sampleRows(patches, quota, at));
    },
  );
  const all = concatRows(candidates);
  const { chosen } = coresetSize(method.coresetRatio, positions, { ...limits, candidates: all.count });
  return gatherRows(all, await coreset(all, chosen, part(EXTRACTION_PROGRESS, 1 - EXTRACTION_PROGRESS)));
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
