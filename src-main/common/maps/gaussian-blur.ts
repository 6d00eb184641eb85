import { clampIndex, reflectIndex } from './border.ts';

/** Planes of equal size: `values` is C x H x W. */
export interface Planes<Values = Float32Array> {
  values: Values;
  height: number;
  width: number;
}

/** The kernel of a blur, and how it extends the values beyond the border. */
export interface Blur {
  /** Radius of the kernel: its number of weights on each side of the center. */
  radius: number;
  /** Standard deviation in positions. */
  sigma: number;
  /** `reflect` mirrors the values without repeating the border; `repeat` repeats the border. */
  border: 'reflect' | 'repeat';
}

/**
 * Gaussian weights at integer offsets -radius..radius with sum 1. A sigma of 0, or so small that its square underflows, puts all
 * weight on the center.
 */
export function gaussianKernel(radius: number, sigma: number): Float64Array {
  const doubleVariance = 2 * sigma ** 2;
  const weights = Float64Array.from({ length: 2 * radius + 1 }, (_, i) =>
    doubleVariance === 0 ? Number(i === radius) : Math.exp(-((i - radius) ** 2) / doubleVariance),
  );
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return weights.map((weight) => weight / sum);
}

/**
 * Blurs each plane with separable Gaussian weights. Sums are in float64, results in the precision of `values`. Cost O(C H W radius).
 *
 * @returns C x H x W
 */
export function gaussianBlur<Values extends Float32Array | Float64Array>(
  { values, height, width }: Planes<Values>,
  { radius, sigma, border }: Blur,
): Values {
  const weights = gaussianKernel(radius, sigma);
  const outside = border === 'reflect' ? reflectIndex : clampIndex;
  const indices = (length: number) =>
    Int32Array.from({ length: length + 2 * radius }, (_, i) => outside(i - radius, length));
  const [columns, rows] = [indices(width), indices(height)];
  const across = values.slice() as Values;
  const blurred = values.slice() as Values;
  for (let row = 0; row < values.length; row += width) blurLine(values, across, weights, columns, row, 1);
  for (let plane = 0; plane < values.length; plane += height * width) {
    for (let x = 0; x < width; x++) blurLine(across, blurred, weights, rows, plane + x, width);
  }
  return blurred;
}

/** @param indices for each value of the padded line, its position on the original line */
function blurLine(
  source: Float32Array | Float64Array,
  target: Float32Array | Float64Array,
  weights: Float64Array,
  indices: Int32Array,
  start: number,
  stride: number,
): void {
  const padded = Float64Array.from(indices, (index) => source[start + index * stride]);
  for (let i = 0; i <= padded.length - weights.length; i++) {
    let sum = 0;
    for (let k = 0; k < weights.length; k++) sum += weights[k] * padded[i + k];
    target[start + i * stride] = sum;
  }
}
