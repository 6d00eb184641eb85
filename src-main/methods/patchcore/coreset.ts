import { gaussianPrng, mulberry32 } from '../prng.ts';
import type { Execution } from '../types.ts';
import { yieldAndCheck } from '../yield-and-check.ts';
import type { Patches } from './patches.ts';

const SEED = 0;
/** Longer vectors are projected to this length before they are compared. */
const PROJECTED_LENGTH = 128;
/** The first choice is the vector with the largest mean distance to this number of random vectors. */
const STARTING_POINTS = 10;
/**
 * A squared distance is summed in blocks of this length, and abandoned if it exceeds its limit after a block.
 */
const BLOCK = 8;

/**
 * Greedy k-center coreset with random projection (Roth et al., algorithm 1): repeatedly chooses the vector farthest from all
 * chosen ones. Deterministic: random numbers are seeded and ties go to the first. Cost at most O(count size length); most
 * distances are abandoned after a few elements.
 *
 * @param size maximum number of vectors
 * @returns indices in the order of choice; fewer than `size` if all remaining vectors equal a chosen one
 */
export async function coreset(patches: Patches, size: number, execution: Execution): Promise<Uint32Array> {
  const projected = patches.length > PROJECTED_LENGTH ? await project(patches, execution) : patches;
  const nearest = distancesToStart(projected);
  const chosen = new Uint32Array(size);
  let count = 0;
  let farthest = nearest.indexOf(nearest.reduce((a, b) => Math.max(a, b)));
  do {
    if (count % 16 === 0) await yieldAndCheck(execution, count / size);
    chosen[count++] = farthest;
    farthest = updateNearest(projected, nearest, farthest);
  } while (count < size && nearest[farthest] > 0);
  return chosen.subarray(0, count);
}

/**
 * Updates the squared distance of each vector to its nearest chosen one after `center` was chosen.
 *
 * @returns the vector that is now farthest from all chosen ones
 */
function updateNearest(patches: Patches, nearest: Float64Array, center: number): number {
  let farthest = center;
  nearest[center] = 0;
  for (let i = 0; i < nearest.length; i++) {
    if (nearest[i] > 0) nearest[i] = squaredDistance(patches, i, center, nearest[i]);
    if (nearest[i] > nearest[farthest]) farthest = i;
  }
  return farthest;
}

/** The squared mean distance of each vector to a few random ones. */
function distancesToStart(patches: Patches): Float64Array {
  const uniform = mulberry32(SEED);
  const starts = Array.from({ length: STARTING_POINTS }, () => Math.floor(uniform() * patches.count));
  return Float64Array.from({ length: patches.count }, (_, i) => {
    const distances = starts.map((start) => Math.sqrt(squaredDistance(patches, i, start, Infinity)));
    return (distances.reduce((sum, distance) => sum + distance, 0) / STARTING_POINTS) ** 2;
  });
}

/** The squared distance of two rows, at most `limit`. */
function squaredDistance({ values, length }: Patches, a: number, b: number, limit: number): number {
  let sum = 0;
  let i = a * length;
  let j = b * length;
  for (const end = i + length; i < end;) {
    for (const stop = Math.min(i + BLOCK, end); i < stop; i++, j++) {
      const difference = values[i] - values[j];
      sum += difference * difference;
    }
    if (sum >= limit) return limit;
  }
  return sum;
}

/** Multiplies each vector by a Gaussian random matrix, which preserves distances on average. */
async function project({ values, count, length }: Patches, execution: Execution): Promise<Patches> {
  const normal = gaussianPrng(SEED);
  const matrix = Float32Array.from(
    { length: PROJECTED_LENGTH * length },
    () => normal() / Math.sqrt(PROJECTED_LENGTH),
  );
  const projected = new Float32Array(count * PROJECTED_LENGTH);
  for (let i = 0; i < count; i++) {
    if (i % 1024 === 0) await yieldAndCheck(execution, 0);
    // Four rows at a time are faster than one by one.
    for (let row = 0; row < PROJECTED_LENGTH; row += 4) {
      let [sum0, sum1, sum2, sum3] = [0, 0, 0, 0];
      let tap = row * length;
      for (let j = i * length; j < (i + 1) * length; j++, tap++) {
        const value = values[j];
        sum0 += value * matrix[tap];
        sum1 += value * matrix[tap + length];
        sum2 += value * matrix[tap + 2 * length];
        sum3 += value * matrix[tap + 3 * length];
      }
      projected.set([sum0, sum1, sum2, sum3], i * PROJECTED_LENGTH + row);
    }
  }
  return { values: projected, count, length: PROJECTED_LENGTH };
}
