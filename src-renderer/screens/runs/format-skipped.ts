import type { SkippedClasses } from '../../../src-main/common/api/runs.ts';

/** "patchcore skips jute, linen. It compares images with normal images, and there are no ..." */
export function formatSkipped(
  label: string,
  { classes, reason }: SkippedClasses,
  mostNames = Infinity,
): string {
  const skipped = classes.length <= mostNames ? classes.join(', ') : `${classes.length} classes`;
  return `${label} skips ${skipped}. ${reason}`;
}
