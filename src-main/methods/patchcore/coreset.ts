import { pause } from '../yield-and-check.ts';
import { normalStream, uniformStream } from '../prng.ts';
import type { Execution } from '../types.ts';
import type { Patches } from './patches.ts';

const SEED = 0;
/** Vectors that are longer are projected to this length before they are compared. */
const PROJECTED_LENGTH = 128;
/** The first choice is the vector farthest, in the mean, from this many random ones. */
const STARTING_POINTS = 10;
/** Distances are summed in blocks of this length; when a block ends above the limit, the rest is left. */
const BLOCK = 8;

/**
 * Greedy k-centre coreset with random projection (Roth et al., algorithm 1): again and again the vector that is farthest
 * from all chosen ones. Deterministic: random numbers are seeded and ties go to the first.
 *
 * @param size how many to choose at most
 * @returns indices in the order in which they were chosen; fewer than `size` where all others equal a chosen one
 *
 * Cost O(count size length) at worst; most distances are left after a few elements.
 */
export async function coreset(patches: Patches, size: number, execution: Execution): Promise<Uint32Array> {
  const projected = patches.length > PROJECTED_LENGTH ? await project(patches, execution) : patches;
  const nearest = distancesToStart(projected);
  const chosen = new Uint32Array(size);
  let number = 0;
  let farthest = nearest.indexOf(nearest.reduce((a, b) => Math.max(a, b)));
  do {
    if (number % 16 === 0) await pause(execution, number / size);
    chosen[number++] = farthest;
    farthest = approach(projected, nearest, farthest);
  } while (number < size && nearest[farthest] > 0);
  return chosen.subarray(0, number);
}

/** Notes that `centre` is chosen now. @returns the vector that is farthest from all chosen ones after that */
function approach(patches: Patches, nearest: Float64Array, centre: number): number {
  let farthest = centre;
  nearest[centre] = 0;
  for (let i = 0; i < nearest.length; i++) {
    if (nearest[i] > 0) nearest[i] = squaredDistance(patches, i, centre, nearest[i]);
    if (nearest[i] > nearest[farthest]) farthest = i;
  }
  return farthest;
}

/** Squared mean distance of each vector to a few random ones. */
function distancesToStart(patches: Patches): Float64Array {
  const uniform = uniformStream(SEED);
  const starts = Array.from({ length: STARTING_POINTS }, () => Math.floor(uniform() * patches.count));
  return Float64Array.from({ length: patches.count }, (_, i) => {
    const distances = starts.map((start) => Math.sqrt(squaredDistance(patches, i, start, Infinity)));
    return (distances.reduce((sum, distance) => sum + distance, 0) / STARTING_POINTS) ** 2;
  });
}

/** The smaller of the squared distance and `limit`. */
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

/** Each vector times a Gaussian random matrix: distances are kept in the mean. */
async function project({ values, count, length }: Patches, execution: Execution): Promise<Patches> {
  const normal = normalStream(SEED);
  const matrix = Float32Array.from(
    { length: PROJECTED_LENGTH * length },
    () => normal() / Math.sqrt(PROJECTED_LENGTH),
  );
  const projected = new Float32Array(count * PROJECTED_LENGTH);
  for (let i = 0; i < count; i++) {
    if (i % 1024 === 0) await pause(execution, 0);
    for (let row = 0; row < PROJECTED_LENGTH; row += 4) {
      let [one, two, three, four] = [0, 0, 0, 0];
      let at = row * length;
      for (let j = i * length; j < (i + 1) * length; j++, at++) {
        const value = values[j];
        one += value * matrix[at];
        two += value * matrix[at + length];
        three += value * matrix[at + 2 * length];
        four += value * matrix[at + 3 * length];
      }
      projected.set([one, two, three, four], i * PROJECTED_LENGTH + row);
    }
  }
  return { values: projected, count, length: PROJECTED_LENGTH };
}
