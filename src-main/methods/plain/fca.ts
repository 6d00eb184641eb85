import type { Execution, FeatureMap } from '../types.ts';
import { gaussian, matchWindows, reflect } from './matching.ts';

/** Side of the smoothing inside the window. */
const SMOOTHING = 5;

/**
 * Feature Correspondence Analysis (paper, eq. 5 and 6): the matching errors of each window are smoothed inside it, weighted
 * towards its centre, and added up where they lie.
 *
 * @param reference C x T*T, ascending per channel
 * @returns H x W
 */
export async function fca(
  features: FeatureMap,
  reference: Float32Array,
  { patch, sigmaP, sigmaS }: { patch: number; sigmaP: number; sigmaS: number },
  execution: Execution,
): Promise<Float32Array> {
  const { height, width } = features;
  const half = (patch - 1) / 2;
  const map = new Float64Array(height * width);
  const weights = gaussian(half, sigmaP);
  const kernel = gaussian((SMOOTHING - 1) / 2, sigmaS);
  await matchWindows(features, reference, patch, execution, (y, x, errors) => {
    const smooth = smoothInside(errors, patch, kernel);
    for (let i = 0; i < patch; i++) {
      for (let j = 0; j < patch; j++) {
        const row = y + i - half;
        const column = x + j - half;
        if (row < 0 || column < 0 || row >= height || column >= width) continue;
        map[row * width + column] += weights[i] * weights[j] * smooth[i * patch + j];
      }
    }
  });
  return Float32Array.from(map);
}

/** Separable smoothing of a window, reflected at its own border. */
function smoothInside(errors: Float64Array, patch: number, kernel: Float64Array): Float64Array {
  const radius = (kernel.length - 1) / 2;
  const across = new Float64Array(errors.length);
  const smooth = new Float64Array(errors.length);
  for (let i = 0; i < patch; i++) {
    for (let j = 0; j < patch; j++) {
      for (let k = -radius; k <= radius; k++) {
        across[i * patch + j] += kernel[k + radius] * errors[i * patch + reflect(j + k, patch)];
      }
    }
  }
  for (let i = 0; i < patch; i++) {
    for (let j = 0; j < patch; j++) {
      for (let k = -radius; k <= radius; k++) {
        smooth[i * patch + j] += kernel[k + radius] * across[reflect(i + k, patch) * patch + j];
      }
    }
  }
  return smooth;
}
