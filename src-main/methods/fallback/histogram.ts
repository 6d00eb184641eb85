import type { VectorSelection } from '../references/selection.ts';
import type { Execution, FeatureMap } from '../types.ts';
import { blur, compareDescriptors } from './compare-descriptors.ts';
import { refuseNonFinite } from './assert-finite.ts';

/**
 * Histograms (paper, eq. 3): a patch is described by the weighted histogram of each scaled channel; the score is, averaged
 * over channels, the mean over bins of the absolute difference of cumulative sums from the reference's.
 *
 * @returns H x W
 */
export async function histogram(
  features: FeatureMap,
  reference: VectorSelection,
  { patchSize, sigma, bins }: { patchSize: number; sigma: number; bins: number },
  execution: Execution,
): Promise<Float32Array> {
  refuseNonFinite(features);
  const { values, channels, height, width } = features;
  const planes: Float64Array[] = [];
  for (let c = 0; c < channels; c++) {
    const binned = binsOf(values.subarray(c * height * width, (c + 1) * height * width), bins);
    let cumulative = new Float64Array(height * width);
    for (let bin = 0; bin < bins; bin++) {
      const oneHot = Float64Array.from(binned, (own) => Number(own === bin));
      const local = blur(oneHot, height, width, patchSize, sigma);
      cumulative = cumulative.map((sum, at) => sum + local[at]);
      planes.push(cumulative);
    }
  }
  const map = await compareDescriptors(planes, features, reference, Math.abs, execution);
  return Float32Array.from(map, (sum) => sum / (channels * bins));
}

/** The bin of each value; in float32 as the authors', so that values at the edge of a bin fall on the same side. */
function binsOf(values: Float32Array, bins: number): Int32Array {
  const lowest = values.reduce((a, b) => Math.min(a, b));
  const highest = values.reduce((a, b) => Math.max(a, b));
  const { fround } = Math;
  const range = fround(fround(highest - lowest) + fround(1e-8));
  const factor = fround(0.999 * bins);
  return Int32Array.from(values, (value) =>
    Math.floor(fround(factor * fround(fround(value - lowest) / range))),
  );
}
