import type { RecipeDefinition } from '../../../src-main/common/api/recipes.ts';
import type { Result } from '../../../src-main/common/api/runs.ts';
import { isWholeImage } from '../../../src-main/common/maps/inspection-region.ts';
import type { OutlineScope } from '../../image-cache/outline.ts';

/** The contour that shows why a recipe decides a piece as it does: at its review threshold, with its region and size limits. */
export function contourOf(
  result: Pick<Result, 'threshold'>,
  { thresholds, region, sizeLimits, edgeMargin, mmPerPixel }: RecipeDefinition,
): { threshold: number; scope: OutlineScope } {
  return {
    threshold: thresholds?.review ?? result.threshold,
    scope: {
      region: region && !isWholeImage(region) ? region : undefined,
      limits: { sizeLimits, edgeMargin, mmPerPixel },
    },
  };
}
