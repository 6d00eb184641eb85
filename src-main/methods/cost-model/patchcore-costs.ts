import type { CoresetSize } from '../patchcore/coreset-size.ts';
import type { Shape } from '../types.ts';
import type { ComputeCost } from './compute-cost.ts';

// `compute-cost.ts` defines the unit and how the constants were fitted.

/** Operations per multiply-add of the matrix product that finds nearest neighbors. */
const OPS_PER_MULTIPLY_ADD = 0.6;
/** Operations to update the distance of a candidate to its nearest chosen patch. */
const OPS_PER_CORESET_DISTANCE = 900;
/** Distances of one block of positions to the memory bank, with slack. */
const SEARCH_BYTES = 2 ** 25;
const BYTES_PER_FLOAT = 4;

/** Cost of comparing the positions of an image with the memory bank. */
export function nnSearchCost({ channels, height, width }: Shape, { chosen }: CoresetSize): ComputeCost {
  const positions = height * width;
  return {
    bytes: BYTES_PER_FLOAT * channels * (positions + chosen) + SEARCH_BYTES,
    operations: positions * chosen * channels * OPS_PER_MULTIPLY_ADD,
  };
}

/** Cost of choosing the memory bank among its candidates, without extracting their features. */
export function coresetCost(channels: number, { candidates, chosen }: CoresetSize): ComputeCost {
  return {
    bytes: 2 * BYTES_PER_FLOAT * channels * candidates,
    operations: candidates * chosen * OPS_PER_CORESET_DISTANCE,
  };
}
