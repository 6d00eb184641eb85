import { PerchError } from '../../common/api/errors.ts';
import type { Method } from '../../common/api/schemas.ts';
import { gaussianBlur } from '../../common/maps/gaussian-blur.ts';
import { resizePlane } from '../../common/maps/resize.ts';
import type { ComputeBackend } from '../../methods/backend/compute-backend.ts';
import { backendWith, codePaths } from '../../methods/backend/default-backend.ts';
import { type ComputeCost, secondsFor } from '../../methods/cost-model/compute-cost.ts';
import { referenceFor, statisticNamed } from '../../methods/registry.ts';
import { parametersFor } from '../../methods/statistics/statistic.ts';
import type { AnomalyMap } from '../../common/maps/anomaly-map.ts';
import type { FeatureMap, Isa } from '../../methods/types.ts';
import { memoryBudget, memoryLimit } from '../../platform/memory.ts';
import type { StageTimer } from '../runtime/handler-context.ts';

/** An anomaly map, and the size in pixels of the area that it spans on the resized image. */
export interface ExtentMap {
  map: AnomalyMap;
  extentHeight: number;
  extentWidth: number;
}

/**
 * Compares the patch at each feature position with the reference, which gives one score per position. Reports the estimated time and
 * memory before it starts.
 *
 * @param inside H x W, 1 at the positions inside the inspection region; absent if the whole image is inspected
 * @param on the code path of the CPU, or the backend
 * @param given parameters of the statistic; missing ones have the statistic's defaults
 * @throws PerchError `UNKNOWN_NAME`, `INVALID_ARGUMENT`, `IMAGE_TOO_SMALL`, `OUT_OF_MEMORY`, `INVALID_FEATURES`, `CANCELED`
 */
export async function computeAnomalyMap(
  { features, inside }: { features: FeatureMap; inside?: Uint8Array | undefined },
  method: Pick<Method, 'statistic'> & { reference: string | undefined },
  given: Record<string, number>,
  timer: StageTimer,
  { isa, backend = backendWith(isa) }: { isa?: Isa | 'auto' | undefined; backend?: ComputeBackend } = {},
): Promise<AnomalyMap> {
  const statistic = statisticNamed(method.statistic);
  const name = method.reference ?? statistic.references[0];
  const reference = referenceFor(statistic, name);
  const parameters = parametersFor(statistic, given);
  assertPatchFits(features, parameters.patchSize);
  const forced = isa ? { isa } : {};
  const selection = await timer.time('reference', (execution) =>
    reference.select({ features, patchSize: parameters.patchSize, inside }, backend, {
      ...execution,
      ...forced,
    }),
  );
  const cost = statistic.cost(features, reference.size, parameters);
  assertMemory(`"${statistic.name}" with the reference "${name}"`, features, cost);
  reportEstimate(cost, timer, isa);
  const map = await timer.time('statistic', (execution) =>
    statistic.compute(features, selection, parameters, backend, { ...execution, ...forced }),
  );
  return assertFiniteMap(map, `"${statistic.name}"`);
}

/**
 * Returns the map if all its scores are finite. Finite features of about 1e38 overflow in sums and squares.
 *
 * @param maker names what computed the map in the message
 * @throws PerchError `INVALID_FEATURES`
 */
export function assertFiniteMap(map: AnomalyMap, maker: string): AnomalyMap {
  const broken = map.values.reduce((count, value) => count + (Number.isFinite(value) ? 0 : 1), 0);
  if (broken === 0) return map;
  throw new PerchError(
    'INVALID_FEATURES',
    `${broken} of the ${map.values.length} scores that ${maker} computed are not finite. The features are too large for 32-bit ` +
      'floating point. Scale them to 0..1.',
  );
}

/**
 * Applies the statistic's postprocessing at image size, if it has any. Otherwise returns the map unchanged.
 *
 * @param size size of the resized image
 */
export function postprocess(
  statistic: string,
  { map, extentHeight, extentWidth }: ExtentMap,
  { height, width }: { height: number; width: number },
): ExtentMap {
  const { postprocess: blur } = statisticNamed(statistic);
  if (!blur) return { map, extentHeight, extentWidth };
  const values = resizePlane(map, { height, width }, { height: extentHeight, width: extentWidth });
  const { sigma, side } = blur;
  const blurred = gaussianBlur(
    { values, height, width },
    { radius: (side - 1) / 2, sigma, border: 'reflect' },
  );
  return { map: { values: blurred, height, width }, extentHeight: height, extentWidth: width };
}

/** Reports what a statistic will cost, before it starts. */
export function reportEstimate(cost: ComputeCost, timer: StageTimer, isa?: Isa | 'auto'): void {
  timer.context.report({ stage: 'statistic', fraction: 0, estimate: estimateOn(cost, timer, isa) });
}

function estimateOn(cost: ComputeCost, { context }: StageTimer, isa: Isa | 'auto' = 'auto') {
  const path = isa === 'auto' ? codePaths[0] : isa;
  return { bytes: cost.bytes, seconds: secondsFor(cost, path, context.threads) };
}

/** @throws PerchError `IMAGE_TOO_SMALL` */
export function assertPatchFits({ height, width }: FeatureMap, patchSize: number): void {
  if (Math.min(height, width) >= patchSize) return;
  throw new PerchError(
    'IMAGE_TOO_SMALL',
    `The feature map is ${width} x ${height} positions, smaller than a patch of ${patchSize} x ${patchSize}. ` +
      'Use a larger image or a smaller patch size.',
  );
}

/** @throws PerchError `OUT_OF_MEMORY` */
export function assertMemory(
  what: string,
  { channels, height, width }: FeatureMap,
  { bytes }: ComputeCost,
): void {
  if (bytes <= memoryBudget()) return;
  const gib = (amount: number) => `${(amount / 2 ** 30).toFixed(1)} GiB`;
  throw new PerchError(
    'OUT_OF_MEMORY',
    `${what} needs about ${gib(bytes)} of memory for ${channels} x ${height} x ${width} features. Perch may use ` +
      `${gib(memoryLimit())} on this machine. Resize the image or use another reference.`,
    undefined,
    { kind: 'resize-images' },
  );
}
