import { PerchError } from '../../common/api/errors.ts';
import type { Patches } from '../patchcore/patches.ts';
import type { Execution, FeatureMap } from '../types.ts';
import { yieldAndCheck } from '../yield-and-check.ts';
import { assertComparable } from './feature-limit.ts';

/** Positions between two checks for cancellation. */
const BLOCK = 16;

/**
 * The squared length of each position's features along given directions: the sum over directions d of (d . (f - mean))^2.
 * Cost O(C H W) per direction.
 *
 * @param directions orthonormal rows of length C
 * @returns H x W
 */
export async function residualEnergy(
  { values, channels, height, width }: FeatureMap,
  mean: Float64Array,
  directions: Patches,
  execution: Execution,
): Promise<Float32Array> {
  if (mean.length !== channels || directions.length !== channels) {
    throw new PerchError(
      'INVALID_ARGUMENT',
      `The features have ${channels} channels, but the subspace has ${mean.length}.`,
    );
  }
  assertComparable(values);
  const positions = height * width;
  const energy = new Float32Array(positions);
  const centered = new Float64Array(channels);
  for (let at = 0; at < positions; at++) {
    if (at % BLOCK === 0) await yieldAndCheck(execution, at / positions);
    for (let c = 0; c < channels; c++) centered[c] = values[c * positions + at] - mean[c];
    for (let d = 0; d < directions.count; d++) {
      let product = 0;
      for (let c = 0; c < channels; c++) product += directions.values[d * channels + c] * centered[c];
      energy[at] += product * product;
    }
  }
  return energy;
}
