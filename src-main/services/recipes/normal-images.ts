import { createHash } from 'node:crypto';
import { PerchError } from '../../common/api/errors.ts';
import type { RecipeDefinition } from '../../common/api/recipes.ts';
import type { Store } from '../../store/store.ts';

/** Identifies normal images by the contents of their files, in any order. @param files SHA-256 of each */
export function normalImagesSha256(files: readonly string[]): string {
  return createHash('sha256')
    .update([...new Set(files)].sort().join('\n'))
    .digest('hex');
}

/** Whether the thresholds were calibrated with other normal images than a class has now. */
export function hasOtherNormalImages(
  store: Store,
  { dataset, textureClass }: { dataset: number; textureClass: string },
  { calibration }: RecipeDefinition,
): boolean {
  if (calibration?.normalSha256 === undefined) return false;
  const files = store.images.listNormal(dataset, textureClass).map(({ file }) => file.sha256);
  return calibration.normalSha256 !== normalImagesSha256(files);
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
