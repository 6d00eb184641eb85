import type { MemoryMethod } from '../../common/api/schemas.ts';
import type { AnomalyMap } from '../../common/maps/anomaly-map.ts';
import { defaultBackend } from '../../methods/backend/default-backend.ts';
import { comparableExtract } from '../../methods/extractors/comparable.ts';
import type { Extraction, ModelRunner } from '../../methods/extractors/extractor.ts';
import { smoothAtPixels } from '../../methods/patchcore/patchcore-map.ts';
import { concatRows, gatherRows, type Patches } from '../../methods/patchcore/patches.ts';
import { extractorNamed } from '../../methods/registry.ts';
import { MEMORY_LIMITS } from '../../methods/set-statistics/memory-limits.ts';
import { nearestImageScore, nearestScores, unitRows } from '../../methods/set-statistics/nearest.ts';
import { comparisonParameters } from '../../methods/set-statistics/registry.ts';
import { rotateImage, rotateMask } from '../../methods/set-statistics/rotate-image.ts';
import { rowsOf } from '../../methods/set-statistics/rows-of.ts';
import {
  buildSubspace,
  CovarianceSum,
  type Subspace,
  subspaceScores,
} from '../../methods/set-statistics/subspace.ts';
import type { Execution, FeatureMap } from '../../methods/types.ts';
import type { StageTimer } from '../runtime/handler-context.ts';
import { cachedFromNormal, eachNormalImage, type NormalRequest } from './normal-images.ts';

/** The patch features of normal images. */
interface Memory {
  /** Unit rows. */
  rows: Patches;
  /** Number of patches in the normal images and their rotations. */
  available: number;
}

/**
 * Compares an image with the features of normal images (docs/method.md, section 6). The map is smoothed like PatchCore's.
 *
 * @throws PerchError what reading and extraction of the normal images throw
 */
export async function compareWithMemory(
  extraction: Extraction,
  request: NormalRequest<MemoryMethod>,
  runner: ModelRunner,
  timer: StageTimer,
): Promise<{ map: AnomalyMap; imageScore?: number; chosen?: Record<string, number> }> {
  const { features } = extraction;
  if (request.method.memory === 'subspace') {
    const subspace = await timer.time('reference', (execution) => getSubspace(request, runner, execution));
    const map = await timer.time('statistic', (execution) =>
      subspaceScores(features, subspace, defaultBackend, execution),
    );
    return { map: smoothAtPixels(map, extraction.extentWidth) };
  }
  const { rows, available } = await timer.time('reference', (execution) =>
    getMemory(request, runner, execution),
  );
  const map = await timer.time('statistic', (execution) =>
    nearestScores(features, rows, defaultBackend, execution),
  );
  return {
    map: smoothAtPixels(map, extraction.extentWidth),
    imageScore: nearestImageScore(map),
    ...(rows.count < available && { chosen: { rows: rows.count, rowsInNormal: available } }),
  };
}

/** The memory of these files, method and model. It is built on the first call and cached. */
export function getMemory(
  request: NormalRequest<MemoryMethod>,
  runner: ModelRunner,
  execution: Execution,
  limits = MEMORY_LIMITS,
): Promise<Memory> {
  return cachedFromNormal('memory', request, limits, async () => {
    const { method, normal } = request;
    const { rotations } = comparisonParameters('nearest', method.parameters);
    const extractor = extractorNamed(method.extractor);
    const total = Math.min(limits.rows, limits.values / extractor.channels);
    const quota = Math.max(1, Math.floor(total / (normal.length * rotations)));
    const parts: Patches[] = [];
    let available = 0;
    const add = (features: FeatureMap, inside: Uint8Array | undefined) => {
      const positions = positionsOf(features, inside);
      available += positions.length;
      const step = Math.max(1, positions.length / quota);
      const taken = Array.from(
        { length: Math.min(quota, positions.length) },
        (_, i) => positions[Math.floor(i * step)],
      );
      parts.push(unitRows(gatherRows(rowsOf(features), taken)));
    };
    await eachNormalImage(
      request,
      comparableExtract(extractor),
      runner,
      execution,
      async ({ extraction: { features }, inside }, again) => {
        add(features, inside);
        for (let turn = 1; turn < rotations; turn++) {
          const fraction = turn / rotations;
          const rotated = inside && rotateMask(inside, features, fraction);
          add(await again((image) => rotateImage(image, fraction)), rotated);
        }
      },
    );
    return { rows: concatRows(parts), available };
  });
}

/** The subspace of these files, method and model. It is computed on the first call and cached. */
export function getSubspace(
  request: NormalRequest<MemoryMethod>,
  runner: ModelRunner,
  execution: Execution,
): Promise<Subspace> {
  return cachedFromNormal('subspace', request, undefined, async () => {
    const { method } = request;
    const { variance } = comparisonParameters('subspace', method.parameters);
    const extractor = extractorNamed(method.extractor);
    const sum = new CovarianceSum(extractor.channels);
    const quiet = { ...execution, onProgress: () => {} };
    await eachNormalImage(
      request,
      comparableExtract(extractor),
      runner,
      execution,
      ({ extraction: { features }, inside }) =>
        sum.add(inside ? insideOnly(features, inside) : features, quiet),
    );
    return buildSubspace(sum, variance, quiet);
  });
}

/** Indices of the positions inside the inspection region. */
function positionsOf({ height, width }: FeatureMap, inside: Uint8Array | undefined): number[] {
  const all = Array.from({ length: height * width }, (_, at) => at);
  return inside ? all.filter((at) => inside[at] === 1) : all;
}

/** The features at the positions inside, in one row. */
function insideOnly(features: FeatureMap, inside: Uint8Array): FeatureMap {
  const positions = positionsOf(features, inside);
  const plane = features.height * features.width;
  const values = new Float32Array(features.channels * positions.length);
  for (let c = 0; c < features.channels; c++) {
    for (const [i, at] of positions.entries())
      values[c * positions.length + i] = features.values[c * plane + at];
  }
  return { values, channels: features.channels, height: 1, width: positions.length };
}
