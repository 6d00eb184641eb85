import { gaussianKernel } from '../../common/maps/gaussian-blur.ts';
import type { PatchSelection } from '../references/selection.ts';
import type { Execution, FeatureMap } from '../types.ts';
import { matchPatches } from './match-patches.ts';
import { matchReference } from './rank-matching.ts';

interface Parameters {
  patchSize: number;
  /** Standard deviation of the weights in the patch. */
  sigma: number;
}

/**
 * Sample-weighted Wasserstein distance (paper, eq. 4): the score of a position is the Gaussian-weighted sum of the matching
 * errors in its patch.
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
  return weightErrors(features, parameters, (visit) =>
    matchReference(features, reference, parameters.patchSize, execution, visit),
  );
}

/** SWW with patches of the image as references. */
export function swwWithReferences(
  features: FeatureMap,
  selection: PatchSelection,
  parameters: Parameters,
  execution: Execution,
): Promise<Float32Array> {
  return weightErrors(features, parameters, (visit) =>
    matchPatches(features, selection, parameters.patchSize, execution, visit),
  );
}

async function weightErrors(
  { height, width }: FeatureMap,
  { patchSize, sigma }: Parameters,
  match: (visit: (y: number, x: number, errors: Float64Array) => void) => Promise<void>,
): Promise<Float32Array> {
  const map = new Float32Array(height * width);
  const weights = gaussianKernel((patchSize - 1) / 2, sigma);
  await match((y, x, errors) => {
    let score = 0;
    for (let i = 0; i < patchSize; i++) {
      for (let j = 0; j < patchSize; j++) score += weights[i] * weights[j] * errors[i * patchSize + j];
    }
    map[y * width + x] = score;
  });
  return map;
}
