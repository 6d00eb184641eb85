import type { SetMethod } from '../../common/api/schemas.ts';
import { memoryBudget } from '../../platform/memory.ts';
import { extractorNamed } from '../registry.ts';
import { comparisonParameters } from '../set-statistics/registry.ts';
import type { Shape } from '../types.ts';
import type { ComputeCost } from './compute-cost.ts';

/**
 * Operations per multiply-add of the matrix products that find nearest patches. Three neighborhood sizes take twice as long as one, because
 * those of a pair share a part of the work.
 */
const OPS_PER_MULTIPLY_ADD = 0.12;
/** The search for the smallest distance takes as long as this many channels. */
const SEARCH_CHANNELS = 64;
const BYTES_PER_FLOAT = 4;

/** Cost of comparing two images of a set with each other, in both directions. */
export function mutualPairCost({ channels, height, width }: Shape, sides: number): ComputeCost {
  const positions = height * width;
  return {
    bytes: 2 * BYTES_PER_FLOAT * channels * positions,
    operations: positions ** 2 * (channels + SEARCH_CHANNELS) * (1 + sides) * OPS_PER_MULTIPLY_ADD,
  };
}

/** Features of a block of images and of one that is compared with it, each with working copies. */
const FEATURE_MAPS = 27;

/** Cost of one image of a set: half of its pairs, because a comparison serves both images. Time grows with the square of the set. */
export function setCost(
  { extractor, parameters }: SetMethod,
  images: number,
): (features: Shape) => ComputeCost {
  const { neighborhoods, fraction } = comparisonParameters('mutual', parameters);
  const { layers = 1 } = extractorNamed(extractor);
  const sides = (neighborhoods + 1) / 2;
  return (features) => {
    const pair = mutualPairCost(features, sides);
    const kept = sides * layers * features.height * features.width * Math.max(1, fraction * images);
    return {
      bytes: Math.min((FEATURE_MAPS * pair.bytes) / 2 + images * BYTES_PER_FLOAT * kept, memoryBudget() / 2),
      operations: (pair.operations * Math.max(0, images - 1)) / 2,
    };
  };
}
