import type { Method } from '../common/api/schemas.ts';
import type { Size } from '../common/geometry.ts';

/** Minimum shorter side of images that get the larger patch. */
const LARGE_SIDE = 640;

/** T and sigma_s for small and large images (docs/method.md, section 1c). */
const SMALL = { patchSize: 5, sigmaS: 0 };
const LARGE = { patchSize: 9, sigmaS: 1 };

/** A method whose patch size is a number. */
export type SizedMethod = Method & { patchSize: number };

/**
 * Replaces the patch size `auto` with the one for an image, and chooses the smoothing of FCA and quantized FCA unless the method
 * sets it.
 *
 * @param size size of the image, after resizing
 * @returns the method, and the chosen values if there are any
 */
export function resolvePatchSize(
  method: Method,
  { height, width }: Size,
): { method: SizedMethod; chosen?: Record<string, number> } {
  const { patchSize, statistic, parameters = {} } = method;
  if (patchSize !== 'auto') return { method: { ...method, patchSize } };
  const { sigmaS, ...window } = Math.min(height, width) < LARGE_SIDE ? SMALL : LARGE;
  const smoothing = hasSmoothing(statistic) && parameters.sigmaS === undefined ? { sigmaS } : {};
  return {
    method: { ...method, ...window, parameters: { ...parameters, ...smoothing } },
    chosen: { ...window, ...smoothing },
  };
}

/** Parameters that `auto` chooses together with the patch size. In that case they have no fixed default. */
export const chosenWithPatchSize = (method: Method): readonly string[] =>
  method.patchSize === 'auto' && hasSmoothing(method.statistic) ? ['sigmaS'] : [];

const hasSmoothing = (statistic: string) => statistic === 'fca' || statistic === 'qfca';
