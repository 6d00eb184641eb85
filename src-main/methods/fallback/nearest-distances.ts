import { PerchError } from '../../common/api/errors.ts';
import type { Patches } from '../patchcore/patches.ts';
import type { Execution } from '../types.ts';
import { yieldAndCheck } from '../yield-and-check.ts';
import { assertComparable } from './feature-limit.ts';

/**
 * The Euclidean distance of each row to the nearest row of a memory. Cost O(count length) per row of the memory.
 *
 * @param memory at least one row, of the same length
 */
export async function nearestDistances(
  rows: Patches,
  memory: Patches,
  execution: Execution,
): Promise<Float32Array> {
  if (memory.count === 0) throw new PerchError('INVALID_ARGUMENT', 'The memory has no rows.');
  if (memory.length !== rows.length) {
    throw new PerchError(
      'INVALID_ARGUMENT',
      `The rows have ${rows.length} values, but those of the memory have ${memory.length}.`,
    );
  }
  assertComparable(rows.values);
  assertComparable(memory.values);
  const distances = new Float32Array(rows.count);
  for (let i = 0; i < rows.count; i++) {
    await yieldAndCheck(execution, i / rows.count);
    let smallest = Infinity;
    for (let j = 0; j < memory.count; j++) smallest = Math.min(smallest, squaredDistance(rows, i, memory, j));
    distances[i] = Math.sqrt(smallest);
  }
  return distances;
}

function squaredDistance(a: Patches, i: number, b: Patches, j: number): number {
  let sum = 0;
  for (let k = 0; k < a.length; k++) {
    const difference = a.values[i * a.length + k] - b.values[j * b.length + k];
    sum += difference * difference;
  }
  return sum;
}
