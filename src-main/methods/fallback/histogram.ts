import { gaussianBlur } from '../../common/maps/gaussian-blur.ts';
import type { DescriptorSelection } from '../references/selection.ts';
import type { Execution, FeatureMap } from '../types.ts';
import { assertFinite } from './assert-finite.ts';
import { compareDescriptors } from './compare-descriptors.ts';

/**
 * Histograms (paper, eq. 3): the descriptor of a patch is the weighted histogram of each channel, scaled to its range in the
 * image. The score is the absolute difference of the cumulative histograms, averaged over bins and channels.
 *
 * @returns H x W
 */
export async function histogram(
  features: FeatureMap,
  selection: DescriptorSelection,
  { patchSize, sigma, bins }: { patchSize: number; sigma: number; bins: number },
  execution: Execution,
): Promise<Float32Array> {
  assertFinite(features);
  const { values, channels, height, width } = features;
  const blur = { radius: (patchSize - 1) / 2, sigma, border: 'reflect' } as const;
  const planes: Float64Array[] = [];
  for (let c = 0; c < channels; c++) {
    const binned = binIndices(values.subarray(c * height * width, (c + 1) * height * width), bins);
    let cumulative = new Float64Array(height * width);
    for (let bin = 0; bin < bins; bin++) {
      const oneHot = Float64Array.from(binned, (index) => Number(index === bin));
      const local = gaussianBlur({ values: oneHot, height, width }, blur);
      cumulative = cumulative.map((sum, position) => sum + local[position]);
      planes.push(cumulative);
    }
  }
  const map = await compareDescriptors(planes, features, selection, Math.abs, execution);
  return Float32Array.from(map, (sum) => sum / (channels * bins));
}

/** The bin of each value. Float32 arithmetic as in the authors' code, so that values on a bin edge fall on the same side. */
function binIndices(values: Float32Array, bins: number): Int32Array {
  const lowest = values.reduce((a, b) => Math.min(a, b));
  const highest = values.reduce((a, b) => Math.max(a, b));
  const { fround } = Math;
  const range = fround(fround(highest - lowest) + fround(1e-8));
  const factor = fround(0.999 * bins);
  return Int32Array.from(values, (value) =>
    Math.floor(fround(factor * fround(fround(value - lowest) / range))),
  );
}
