import type { Execution, FeatureMap } from '../types.ts';
import { gaussian, matchWindows } from './matching.ts';

/**
 * Sample-weighted Wasserstein distance (paper, eq. 4): the score of a position is the Gaussian-weighted sum of the matching
 * errors in its window.
 *
 * @param reference C x T*T, ascending per channel
 * @returns H x W
 */
export async function sww(
  features: FeatureMap,
  reference: Float32Array,
  { patch, sigma }: { patch: number; sigma: number },
  execution: Execution,
): Promise<Float32Array> {
  const map = new Float32Array(features.height * features.width);
  const weights = gaussian((patch - 1) / 2, sigma);
  await matchWindows(features, reference, patch, execution, (y, x, errors) => {
    let score = 0;
    for (let i = 0; i < patch; i++) {
      for (let j = 0; j < patch; j++) score += weights[i] * weights[j] * errors[i * patch + j];
    }
    map[y * features.width + x] = score;
  });
  return map;
}
