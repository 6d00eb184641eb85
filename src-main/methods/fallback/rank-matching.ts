import { reflectIndex } from '../../common/maps/border.ts';
import type { Execution, FeatureMap } from '../types.ts';
import { yieldAndCheck } from '../yield-and-check.ts';
import { assertFinite } from './assert-finite.ts';

/**
 * Matches every patch with a single reference (paper, section 3.2): in each channel, the sorted values of the patch are matched
 * with the sorted values of the reference by rank. The error of a sample is |value - matched value|. Cost O(C H W T^2 log T).
 *
 * @param reference C x T*T, ascending per channel
 * @param visit called for each patch with the row and column of its center and, at each of its T*T positions, the error averaged
 *   over channels
 */
export async function matchReference(
  features: FeatureMap,
  reference: Float32Array,
  patchSize: number,
  execution: Execution,
  visit: (y: number, x: number, errors: Float64Array) => void,
): Promise<void> {
  assertFinite(features);
  const { values, channels, height, width } = features;
  const half = (patchSize - 1) / 2;
  const size = patchSize * patchSize;
  const patch = new Float32Array(size);
  const order = Uint16Array.from({ length: size }, (_, i) => i);
  for (let y = 0; y < height; y++) {
    await yieldAndCheck(execution, y / height);
    const rows = Array.from({ length: patchSize }, (_, i) => reflectIndex(y + i - half, height));
    for (let x = 0; x < width; x++) {
      const columns = Array.from({ length: patchSize }, (_, j) => reflectIndex(x + j - half, width));
      const errors = new Float64Array(size);
      for (let c = 0; c < channels; c++) {
        for (let i = 0; i < size; i++) {
          const row = rows[Math.floor(i / patchSize)];
          patch[i] = values[(c * height + row) * width + columns[i % patchSize]];
        }
        order.sort((a, b) => patch[a] - patch[b] || a - b);
        for (let rank = 0; rank < size; rank++) {
          errors[order[rank]] += Math.abs(patch[order[rank]] - reference[c * size + rank]) / channels;
        }
      }
      visit(y, x, errors);
    }
  }
}
