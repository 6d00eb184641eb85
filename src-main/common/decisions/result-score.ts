import type { Result } from '../api/runs.ts';

/**
 * The score of an image by a result alone: the method's own image score, or else the highest score of the map. Own scores cover the
 * whole image, so they do not count where only a region is inspected.
 */
export function resultScore({
  imageScore,
  regionSha256,
  max,
}: Pick<Result, 'imageScore' | 'regionSha256' | 'max'>): number {
  return regionSha256 === '' ? (imageScore ?? max) : max;
}
