import type { VectorSelection } from '../references/selection.ts';
import type { Execution, FeatureMap } from '../types.ts';
import { gaussian, reflect } from './rank-matching.ts';
import { pause } from '../yield-and-check.ts';
import { positionsFor } from './match-patches.ts';

/** The Gaussian T x T blur of a plane (H x W), reflecting at the border. */
export function blur(
  plane: Float64Array,
  height: number,
  width: number,
  patchSize: number,
  sigma: number,
): Float64Array {
  const half = (patchSize - 1) / 2;
  const weights = gaussian(half, sigma);
  const blurred = new Float64Array(plane.length);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      for (let i = -half; i <= half; i++) {
        for (let j = -half; j <= half; j++) {
          const value = plane[reflect(y + i, height) * width + reflect(x + j, width)];
          blurred[y * width + x] += weights[i + half] * weights[j + half] * value;
        }
      }
    }
  }
  return blurred;
}

/**
 * Compares the descriptors of all positions with the reference, by the book.
 *
 * @param planes one H x W plane for each number of the descriptor
 * @param cost of two descriptors' difference in one number
 * @returns H x W: the sum over planes, summed over several references and averaged over nearest ones
 */
export async function compareDescriptors(
  planes: readonly Float64Array[],
  { height, width }: FeatureMap,
  reference: VectorSelection,
  cost: (difference: number) => number,
  execution: Execution,
): Promise<Float64Array> {
  const total = height * width;
  const map = new Float64Array(total);
  if (reference.kind === 'global') {
    for (const plane of planes) {
      const mean = plane.reduce((sum, value) => sum + value, 0) / total;
      plane.forEach((value, at) => (map[at] += cost(value - mean)));
    }
    return map;
  }
  for (let position = 0; position < total; position++) {
    if (position % width === 0) await pause(execution, position / total);
    const distanceTo = (other: number) =>
      planes.reduce((sum, plane) => sum + cost(plane[position] - plane[other]), 0);
    const chosen = positionsFor(reference, total, distanceTo);
    const sum = chosen.reduce((costs, other) => costs + distanceTo(other), 0);
    map[position] = reference.kind === 'nearest' ? sum / chosen.length : sum;
  }
  return map;
}
