import type { Shape } from '../types.ts';
import type { ComputeCost } from './compute-cost.ts';

/** Operations per multiply-add of the matrix product that finds nearest patches. */
const OPS_PER_MULTIPLY_ADD = 0.3;
const BYTES_PER_FLOAT = 4;

/** Cost of comparing two images of a set with each other, in both directions. */
export function mutualPairCost({ channels, height, width }: Shape, sides: number): ComputeCost {
  const positions = height * width;
  return {
    bytes: 2 * BYTES_PER_FLOAT * channels * positions,
    operations: sides * channels * positions ** 2 * OPS_PER_MULTIPLY_ADD,
  };
}
