import { createHash } from 'node:crypto';
import { PerchError } from '../../common/api/errors.ts';
import type { RecipeDefinition } from '../../common/api/recipes.ts';

/** Identifies normal images by the contents of their files, in any order. @param files SHA-256 of each */
export function normalImagesSha256(files: readonly string[]): string {
  return createHash('sha256')
    .update([...new Set(files)].sort().join('\n'))
    .digest('hex');
}

/**
 * @param files SHA-256 of each normal image
 * @throws PerchError `INVALID_ARGUMENT` if the thresholds were calibrated with other normal images
 */
export function assertCalibratedWith({ calibration }: RecipeDefinition, files: readonly string[]): void {
  const expected = calibration?.normalSha256;
  if (expected === undefined || expected === normalImagesSha256(files)) return;
  throw new PerchError(
    'INVALID_ARGUMENT',
    'The thresholds of the recipe were calibrated with other normal images. Scores depend on them, so decisions would be wrong. ' +
      'Name the same images, or calibrate the recipe again.',
  );
}
