import type { Shape } from '../types.ts';
import type { ComputeCost } from './compute-cost.ts';

// `compute-cost.ts` defines the unit.

/** Operations per multiply-add of inner products. */
const OPS_PER_MULTIPLY_ADD = 0.6;
/** Operations per multiply-add of a covariance, which is summed in TypeScript. */
const OPS_PER_COVARIANCE_PRODUCT = 16;
/** Operations per C^3 of the eigenvectors of a covariance. */
const OPS_PER_EIGEN_CUBE = 160;
const BYTES_PER_FLOAT = 4;

/** Cost of comparing each position of an image with each row of a memory. */
export function nearestCost({ channels, height, width }: Shape, rows: number): ComputeCost {
  const positions = height * width;
  return {
    bytes: BYTES_PER_FLOAT * channels * (2 * positions + rows),
    operations: positions * rows * channels * OPS_PER_MULTIPLY_ADD,
  };
}

/** Cost of projecting each position of an image onto at most C components. */
export function subspaceCost({ channels, height, width }: Shape): ComputeCost {
  const operations = height * width * channels ** 2 * OPS_PER_MULTIPLY_ADD;
  return { bytes: BYTES_PER_FLOAT * channels * (height * width + channels), operations };
}

/** Cost of the principal components of normal images, without extracting their features. */
export function buildSubspaceCost(channels: number, positions: number): ComputeCost {
  const products = (positions * channels ** 2) / 2;
  return {
    bytes: 3 * 8 * channels ** 2,
    operations: products * OPS_PER_COVARIANCE_PRODUCT + channels ** 3 * OPS_PER_EIGEN_CUBE,
  };
}
