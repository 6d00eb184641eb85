import { gaussianBlur, gaussianKernel } from '../../common/maps/gaussian-blur.ts';
import type { PatchSelection } from '../references/selection.ts';
import type { Execution, FeatureMap } from '../types.ts';
import { matchPatches } from './match-patches.ts';
import { matchReference } from './rank-matching.ts';

/** Radius of the smoothing inside a patch (5 x 5; docs/method.md, section 2). */
const SMOOTHING_RADIUS = 2;

interface Parameters {
  patchSize: number;
  /** Standard deviation of the weights in the patch. */
  sigmaP: number;
  /** Standard deviation of the smoothing inside the patch; 0 for none. */
  sigmaS: number;
}

/**
 * Feature Correspondence Analysis (paper, eq. 5 and 6): smooths the matching errors of each patch inside the patch, weights them
 * toward its center, and adds them at the positions of their samples.
 *
 * @param reference C x T*T, ascending per channel
 * @returns H x W
 */
export function fca(
  features: FeatureMap,
  reference: Float32Array,
  parameters: Parameters,
  execution: Execution,
): Promise<Float32Array> {
  return scatterErrors(features, parameters, (visit) =>
    matchReference(features, reference, parameters.patchSize, execution, visit),
  );
}

/** FCA with patches of the image as references. */
export function fcaWithReferences(
  features: FeatureMap,
  selection: PatchSelection,
  parameters: Parameters,
  execution: Execution,
): Promise<Float32Array> {
  return scatterErrors(features, parameters, (visit) =>
    matchPatches(features, selection, parameters.patchSize, execution, visit),
  );
}

async function scatterErrors(
  { height, width }: FeatureMap,
  { patchSize, sigmaP, sigmaS }: Parameters,
  match: (visit: (y: number, x: number, errors: Float64Array) => void) => Promise<void>,
): Promise<Float32Array> {
  const half = (patchSize - 1) / 2;
  const map = new Float64Array(height * width);
  const weights = gaussianKernel(half, sigmaP);
  const smoothing = { radius: SMOOTHING_RADIUS, sigma: sigmaS, border: 'reflect' } as const;
  await match((y, x, errors) => {
    const patch = { values: errors, height: patchSize, width: patchSize };
    const smooth = gaussianBlur(patch, smoothing);
    for (let i = 0; i < patchSize; i++) {
      for (let j = 0; j < patchSize; j++) {
        const row = y + i - half;
        const column = x + j - half;
        if (row < 0 || column < 0 || row >= height || column >= width) continue;
        map[row * width + column] += weights[i] * weights[j] * smooth[i * patchSize + j];
      }
    }
  });
  return Float32Array.from(map);
}
