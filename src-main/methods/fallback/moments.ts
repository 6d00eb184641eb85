import type { VectorSelection, Windows } from '../references/selection.ts';
import type { Execution, FeatureMap } from '../types.ts';
import { blur, compareDescriptors } from './compare-descriptors.ts';
import { refuseNonFinite } from './assert-finite.ts';

/**
 * Moments (paper, eq. 2): a patch is described by the weighted means of its values' first four powers; the score is the mean
 * over the 4C of them of the squared difference from the reference.
 *
 * @returns H x W
 */
export async function moments(
  features: FeatureMap,
  reference: VectorSelection,
  { patchSize, sigma }: { patchSize: number; sigma: number },
  execution: Execution,
): Promise<Float32Array> {
  const planes = [1, 2, 3, 4].flatMap((order) => blurredPowers(features, order, patchSize, sigma));
  const map = await compareDescriptors(planes, features, reference, (d) => d * d, execution);
  return Float32Array.from(map, (sum) => sum / planes.length);
}

/**
 * Aota et al.: the mean squared L2 distance, summed over channels, of a patch's weighted mean to the nearest ones.
 *
 * @returns H x W
 */
export async function knnMeanDistances(
  features: FeatureMap,
  nearest: Extract<Windows, { kind: 'nearest' }>,
  { patchSize, sigma }: { patchSize: number; sigma: number },
  execution: Execution,
): Promise<Float32Array> {
  const planes = blurredPowers(features, 1, patchSize, sigma);
  return Float32Array.from(await compareDescriptors(planes, features, nearest, (d) => d * d, execution));
}

function blurredPowers(
  features: FeatureMap,
  order: number,
  patchSize: number,
  sigma: number,
): Float64Array[] {
  refuseNonFinite(features);
  const { values, channels, height, width } = features;
  return Array.from({ length: channels }, (_, c) => {
    const plane = values.subarray(c * height * width, (c + 1) * height * width);
    return blur(
      Float64Array.from(plane, (value) => value ** order),
      height,
      width,
      patchSize,
      sigma,
    );
  });
}
