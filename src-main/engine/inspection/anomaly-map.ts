import { PerchError } from '../../common/api/errors.ts';
import type { Method } from '../../common/api/schemas.ts';
import { gaussianBlur } from '../../common/maps/gaussian-blur.ts';
import { resizePlane } from '../../common/maps/resize.ts';
import { defaultBackend } from '../../methods/backend/default-backend.ts';
import { type CodePath, type ComputeCost, secondsFor } from '../../methods/cost-model/compute-cost.ts';
import { loadNativeBackend } from '../../methods/backend/native-backend.ts';
import { referenceFor, statisticNamed } from '../../methods/registry.ts';
import { parametersFor } from '../../methods/statistics/statistic.ts';
import type { AnomalyMap } from '../../common/maps/anomaly-map.ts';
import type { FeatureMap, Isa } from '../../methods/types.ts';
import { memoryLimit } from '../../platform/memory.ts';
import type { StageTimer } from '../runtime/handler-context.ts';

/** An anomaly map and the size, in pixels of the image after any resizing, of the area that it spans. */
export interface SpanningMap {
  map: AnomalyMap;
  extentHeight: number;
  extentWidth: number;
}

/**
 * Compares the patches of features with the reference: one score a feature position. The estimate of time and memory is
 * reported before it starts.
 *
 * @param given the statistic's parameters, its own defaults for those left out
 * @throws PerchError `UNKNOWN_NAME`, `INVALID_ARGUMENT`, `IMAGE_TOO_SMALL`, `OUT_OF_MEMORY`, `INVALID_FEATURES`, `CANCELED`
 */
export async function computeAnomalyMap(
  features: FeatureMap,
  method: Pick<Method, 'statistic'> & { reference: string | undefined },
  given: Record<string, number>,
  timer: StageTimer,
  isa?: Isa | 'auto',
): Promise<AnomalyMap> {
  const statistic = statisticNamed(method.statistic);
  const name = method.reference ?? statistic.references[0];
  const reference = referenceFor(statistic, name);
  const parameters = parametersFor(statistic, given);
  assertPatchFits(features, parameters.patchSize);
  const forced = isa ? { isa } : {};
  const selection = await timer.time('reference', (execution) =>
    reference.select(features, parameters.patchSize, defaultBackend, { ...execution, ...forced }),
  );
  const needed = statistic.cost(features, reference.size, parameters);
  assertMemory(`"${statistic.name}" with the reference "${name}"`, features, needed);
  timer.context.report({ stage: 'statistic', fraction: 0, estimate: estimateOn(needed, timer, isa) });
  const map = await timer.time('statistic', (execution) =>
    statistic.compute(features, selection, parameters, defaultBackend, { ...execution, ...forced }),
  );
  return assertFiniteMap(map, `"${statistic.name}"`);
}

/**
 * The map, if all its scores can be compared: finite features of about 1e38 have sums and squares that are not.
 *
 * @param maker what made it, for the message
 * @throws PerchError `INVALID_FEATURES`
 */
export function assertFiniteMap(map: AnomalyMap, maker: string): AnomalyMap {
  const broken = map.values.reduce((count, value) => count + (Number.isFinite(value) ? 0 : 1), 0);
  if (broken === 0) return map;
  throw new PerchError(
    'INVALID_FEATURES',
    `${broken} of the ${map.values.length} scores that ${maker} makes are not finite: the features are too large for 32-bit ` +
      'floating point. Scale them to 0..1.',
  );
}

/**
 * What the statistic makes of a map at the size of the image, where the method goes on there; else the map as it is.
 *
 * @param size of the image after any resizing
 */
export function postprocess(
  statistic: string,
  { map, extentHeight, extentWidth }: SpanningMap,
  { height, width }: { height: number; width: number },
): SpanningMap {
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

function estimateOn(needed: ComputeCost, { context }: StageTimer, isa: Isa | 'auto' = 'auto') {
  const best: CodePath = loadNativeBackend()?.isas[0] ?? 'fallback';
  const path = isa === 'auto' ? best : isa;
  return { bytes: needed.bytes, seconds: secondsFor(needed, path, context.threads) };
}

function assertPatchFits({ height, width }: FeatureMap, patchSize: number): void {
  if (Math.min(height, width) >= patchSize) return;
  throw new PerchError(
    'IMAGE_TOO_SMALL',
    `The feature map is ${width} x ${height} positions; a patch of ${patchSize} x ${patchSize} does not fit in. ` +
      'Use a larger image or a smaller patch size.',
  );
}

function assertMemory(what: string, { channels, height, width }: FeatureMap, { bytes }: ComputeCost): void {
  if (bytes <= memoryLimit() * 0.8) return;
  const gib = (amount: number) => `${(amount / 2 ** 30).toFixed(1)} GiB`;
  throw new PerchError(
    'OUT_OF_MEMORY',
    `${what} would need about ${gib(bytes)} of memory for ${channels} x ${height} x ${width} features, and Perch may ` +
      `use ${gib(memoryLimit())} here. Resize the image or use another reference.`,
    undefined,
    { kind: 'resize-images' },
  );
}
