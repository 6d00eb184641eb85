import type { RecipeDefinition } from '../common/api/recipes.ts';

/** What image scores depend on besides the map. */
export type ScoringSettings = Pick<
  RecipeDefinition,
  'region' | 'sizeLimits' | 'edgeMargin' | 'mmPerPixel'
> & {
  /** Counts the regions at or above it; null if they are not limited. */
  reviewThreshold: number | null;
};

/** The settings of a recipe's scores. */
export function scoringSettings(definition: RecipeDefinition): ScoringSettings {
  const { region, sizeLimits, edgeMargin, mmPerPixel, regionLimits, thresholds } = definition;
  const isLimited = regionLimits.maxCount !== null || regionLimits.maxTotalArea !== null;
  const reviewThreshold = isLimited && thresholds ? thresholds.review : null;
  return { region, sizeLimits, edgeMargin, mmPerPixel, reviewThreshold };
}
