import type { Windows } from '../references/selection.ts';
import type { Execution, FeatureMap } from '../types.ts';
import { gaussian, matchWindows, reflect } from './rank-matching.ts';
import { matchAgainst } from './match-patches.ts';

/** Side of the smoothing inside the window. */
const SMOOTHING = 5;

interface Parameters {
  patchSize: number;
  sigmaP: number;
  sigmaS: number;
}

/**
 * Feature Correspondence Analysis (paper, eq. 5 and 6): the matching errors of each window are smoothed inside it, weighted
 * towards its centre, and added up where they lie.
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
  return addUp(features, parameters, (visit) =>
    matchWindows(features, reference, parameters.patchSize, execution, visit),
  );
}

/** The same with windows of the image as references. */
export function fcaWithReferences(
  features: FeatureMap,
  windows: Windows,
  parameters: Parameters,
  execution: Execution,
): Promise<Float32Array> {
  return addUp(features, parameters, (visit) =>
    matchAgainst(features, windows, parameters.patchSize, execution, visit),
  );
}

async function addUp(
  { height, width }: FeatureMap,
  { patchSize, sigmaP, sigmaS }: Parameters,
  match: (visit: (y: number, x: number, errors: Float64Array) => void) => Promise<void>,
): Promise<Float32Array> {
  const half = (patchSize - 1) / 2;
  const map = new Float64Array(height * width);
  const weights = gaussian(half, sigmaP);
  const kernel = gaussian((SMOOTHING - 1) / 2, sigmaS);
  await match((y, x, errors) => {
    const smooth = smoothInside(errors, patchSize, kernel);
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

/** Separable smoothing of a window, reflected at its own border. */
function smoothInside(errors: Float64Array, patchSize: number, kernel: Float64Array): Float64Array {
  const radius = (kernel.length - 1) / 2;
  const across = new Float64Array(errors.length);
  const smooth = new Float64Array(errors.length);
  for (let i = 0; i < patchSize; i++) {
    for (let j = 0; j < patchSize; j++) {
      for (let k = -radius; k <= radius; k++) {
        across[i * patchSize + j] += kernel[k + radius] * errors[i * patchSize + reflect(j + k, patchSize)];
      }
    }
  }
  for (let i = 0; i < patchSize; i++) {
    for (let j = 0; j < patchSize; j++) {
      for (let k = -radius; k <= radius; k++) {
        smooth[i * patchSize + j] += kernel[k + radius] * across[reflect(i + k, patchSize) * patchSize + j];
      }
    }
  }
  return smooth;
}
