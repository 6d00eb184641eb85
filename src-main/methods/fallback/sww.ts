import type { Windows } from '../references/selection.ts';
import type { Execution, FeatureMap } from '../types.ts';
import { gaussian, matchWindows } from './rank-matching.ts';
import { matchAgainst } from './match-patches.ts';

interface Parameters {
  patchSize: number;
  sigma: number;
}

/**
 * Sample-weighted Wasserstein distance (paper, eq. 4): the score of a position is the Gaussian-weighted sum of the matching
 * errors in its window.
 *
 * @param reference C x T*T, ascending per channel
 * @returns H x W
 */
export function sww(
  features: FeatureMap,
  reference: Float32Array,
  parameters: Parameters,
  execution: Execution,
): Promise<Float32Array> {
  return weigh(features, parameters, (visit) =>
    matchWindows(features, reference, parameters.patchSize, execution, visit),
  );
}

/** The same with windows of the image as references. */
export function swwWithReferences(
  features: FeatureMap,
  windows: Windows,
  parameters: Parameters,
  execution: Execution,
): Promise<Float32Array> {
  return weigh(features, parameters, (visit) =>
    matchAgainst(features, windows, parameters.patchSize, execution, visit),
  );
}

async function weigh(
  { height, width }: FeatureMap,
  { patchSize, sigma }: Parameters,
  match: (visit: (y: number, x: number, errors: Float64Array) => void) => Promise<void>,
): Promise<Float32Array> {
  const map = new Float32Array(height * width);
  const weights = gaussian((patchSize - 1) / 2, sigma);
  await match((y, x, errors) => {
    let score = 0;
    for (let i = 0; i < patchSize; i++) {
      for (let j = 0; j < patchSize; j++) score += weights[i] * weights[j] * errors[i * patchSize + j];
    }
    map[y * width + x] = score;
  });
  return map;
}
