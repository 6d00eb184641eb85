import { gaussian } from './fallback/rank-matching.ts';

/** Planes of equal size: `values` is C x H x W. */
export interface Planes {
  values: Float32Array;
  height: number;
  width: number;
}

/** Gaussian smoothing of each plane, separable, cut at 4 sigma, the border repeated. Cost O(C H W sigma). */
export function blurred({ values, height, width }: Planes, sigma: number): Float32Array {
  const weights = gaussian(Math.ceil(4 * sigma), sigma);
  const across = new Float32Array(values.length);
  const smooth = new Float32Array(values.length);
  for (let row = 0; row < values.length; row += width) {
    convolve(values, across, weights, row, 1, width);
  }
  for (let plane = 0; plane < values.length; plane += height * width) {
    for (let x = 0; x < width; x++) convolve(across, smooth, weights, plane + x, width, height);
  }
  return smooth;
}

function convolve(
  source: Float32Array,
  target: Float32Array,
  weights: Float64Array,
  start: number,
  step: number,
  length: number,
): void {
  const radius = (weights.length - 1) / 2;
  for (let i = 0; i < length; i++) {
    let sum = 0;
    for (let k = -radius; k <= radius; k++) {
      const clamped = Math.min(Math.max(i + k, 0), length - 1);
      sum += weights[k + radius] * source[start + clamped * step];
    }
    target[start + i * step] = sum;
  }
}
