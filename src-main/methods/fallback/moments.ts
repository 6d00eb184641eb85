import { gaussianBlur } from '../../common/maps/gaussian-blur.ts';
import type { DescriptorSelection, NearestPatches } from '../references/selection.ts';
import type { Execution, FeatureMap } from '../types.ts';
import { assertFinite } from './assert-finite.ts';
import { compareDescriptors } from './compare-descriptors.ts';

/**
 * Moments (paper, eq. 2): the descriptor of a patch is the weighted means of the first four powers of its values. The score is
 * the mean over the 4 C numbers of the squared difference from the reference.
 *
 * @returns H x W
 */
export async function moments(
  features: FeatureMap,
  selection: DescriptorSelection,
  { patchSize, sigma }: { patchSize: number; sigma: number },
  execution: Execution,
): Promise<Float32Array> {
  const planes = [1, 2, 3, 4].flatMap((order) => blurredPowers(features, order, patchSize, sigma));
  const map = await compareDescriptors(planes, features, selection, (d) => d * d, execution);
  return Float32Array.from(map, (sum) => sum / planes.length);
}

/**
 * Aota et al.: the mean squared L2 distance, summed over channels, of the weighted mean of a patch to the nearest ones.
 *
 * @returns H x W
 */
export async function knnMeanDistances(
  features: FeatureMap,
  nearest: NearestPatches,
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
  assertFinite(features);
  const { values, channels, height, width } = features;
  return Array.from({ length: channels }, (_, c) => {
    const plane = values.subarray(c * height * width, (c + 1) * height * width);
    const powers = Float64Array.from(plane, (value) => value ** order);
    return gaussianBlur(
      { values: powers, height, width },
      { radius: (patchSize - 1) / 2, sigma, border: 'reflect' },
    );
  });
}
