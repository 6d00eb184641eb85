import type { Execution, FeatureMap } from '../types.ts';
import { refuseNonFinite } from './assert-finite.ts';
import { pause } from '../yield-and-check.ts';

/** The position that reflection at the border (without repeating it) puts in place of one outside 0..length-1. */
export function reflect(position: number, length: number): number {
  const inside = position < 0 ? -position : position;
  return inside < length ? inside : 2 * (length - 1) - inside;
}

/** Gaussian weights at integer offsets -radius..radius, sum 1. A sigma of 0 puts all weight on the centre. */
export function gaussian(radius: number, sigma: number): Float64Array {
  const weights = Float64Array.from({ length: 2 * radius + 1 }, (_, i) =>
    sigma === 0 ? Number(i === radius) : Math.exp(-((i - radius) ** 2) / (2 * sigma ** 2)),
  );
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return weights.map((weight) => weight / sum);
}

/**
 * The matching errors of every window (paper, 3.2): in each channel the values of the window, sorted, are matched with
 * those of the reference by rank; the error of a sample is |value - its match|.
 *
 * @param visit called for each window, y and x of its centre, with the mean error over channels at each of its T*T positions
 *
 * Cost O(C H W T^2 log T).
 */
export async function matchWindows(
  features: FeatureMap,
  reference: Float32Array,
  patchSize: number,
  execution: Execution,
  visit: (y: number, x: number, errors: Float64Array) => void,
): Promise<void> {
  refuseNonFinite(features);
  const { values, channels, height, width } = features;
  const half = (patchSize - 1) / 2;
  const size = patchSize * patchSize;
  const window = new Float32Array(size);
  const order = Uint16Array.from({ length: size }, (_, i) => i);
  for (let y = 0; y < height; y++) {
    await pause(execution, y / height);
    const rows = Array.from({ length: patchSize }, (_, i) => reflect(y + i - half, height));
    for (let x = 0; x < width; x++) {
      const columns = Array.from({ length: patchSize }, (_, j) => reflect(x + j - half, width));
      const errors = new Float64Array(size);
      for (let c = 0; c < channels; c++) {
        for (let at = 0; at < size; at++) {
          const row = rows[Math.floor(at / patchSize)];
          window[at] = values[(c * height + row) * width + columns[at % patchSize]];
        }
        order.sort((a, b) => window[a] - window[b] || a - b);
        for (let rank = 0; rank < size; rank++) {
          errors[order[rank]] += Math.abs(window[order[rank]] - reference[c * size + rank]) / channels;
        }
      }
      visit(y, x, errors);
    }
  }
}
