import { PerchError } from '../../common/api/errors.ts';

/** @throws PerchError `INVALID_ARGUMENT` if an image of a set has no others to be compared with */
export function otherImagesNeeded(others: number): void {
  if (others > 0) return;
  throw new PerchError(
    'INVALID_ARGUMENT',
    'A set needs at least two usable images, because its images are compared with each other. Add images, or choose another method.',
  );
}
