import type { AnomalyMap } from './anomaly-map.ts';

/**
 * Blurs a map with `side` x `side` Gaussian weights of the given spread, in positions. The border is reflected without
 * repeating it, as often as a small map needs. Cost O(H W side).
 */
export function blurPlane({ values, height, width }: AnomalyMap, side: number, sigma: number): AnomalyMap {
  const weights = gaussianWeights((side - 1) / 2, sigma);
  const across = blurLines(values, { lines: height, length: width, step: 1, stride: width }, weights);
  const blurred = blurLines(across, { lines: width, length: height, step: width, stride: 1 }, weights);
  return { values: blurred, height, width };
}

/** How lines lie in a plane: `step` from one value of a line to the next, `stride` from one line to the next. */
interface Lines {
  lines: number;
  length: number;
  step: number;
  stride: number;
}

function blurLines(values: Float32Array, { lines, length, step, stride }: Lines, weights: Float64Array) {
  const radius = (weights.length - 1) / 2;
  const sources = Int32Array.from({ length: length + 2 * radius }, (_, i) => reflected(i - radius, length));
  const line = new Float64Array(sources.length);
  const blurred = new Float32Array(values.length);
  for (let start = 0; start < lines * stride; start += stride) {
    for (let i = 0; i < line.length; i++) line[i] = values[start + sources[i] * step];
    for (let at = 0; at < length; at++) {
      let sum = 0;
      for (let k = 0; k < weights.length; k++) sum += weights[k] * line[at + k];
      blurred[start + at * step] = sum;
    }
  }
  return blurred;
}

function gaussianWeights(radius: number, sigma: number): Float64Array {
  const weights = Float64Array.from({ length: 2 * radius + 1 }, (_, i) =>
    Math.exp(-((i - radius) ** 2) / (2 * sigma ** 2)),
  );
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return weights.map((weight) => weight / sum);
}

function reflected(position: number, length: number): number {
  if (length === 1) return 0;
  const period = 2 * (length - 1);
  const inside = ((position % period) + period) % period;
  return inside < length ? inside : period - inside;
}
