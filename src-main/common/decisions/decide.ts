import type { Decision, DecisionReason, RecipeDefinition } from '../api/recipes.ts';

/** The values that decide an image. */
export interface DecidedScore {
  /** Null if no region of the image can have the required size. */
  score: number | null;
  /**
   * Regions of the required size at or above the review threshold, with areas in the unit of the size limits.
   */
  regions?: { count: number; area: number } | undefined;
}

/**
 * Decides an image: below the review threshold it passes, at or above the reject threshold it is rejected, in between it is
 * reviewed, or rejected if it exceeds a region limit. Monotone in the score.
 *
 * An image without a score has no decision, because size limits that no region can satisfy must not let it
 * pass.
 *
 * @throws Error if the recipe limits regions and they were not measured
 */
export function decide(
  { score, regions }: DecidedScore,
  { thresholds, regionLimits }: Pick<RecipeDefinition, 'thresholds' | 'regionLimits'>,
): { decision: Decision | null; reason: DecisionReason } {
  if (thresholds === null) return { decision: null, reason: { type: 'not-calibrated' } };
  if (score === null) return { decision: null, reason: { type: 'no-score' } };
  const { review, reject } = thresholds;
  if (score >= reject) return { decision: 'reject', reason: { type: 'score', limit: reject } };
  if (score < review) return { decision: 'pass', reason: { type: 'below', limit: review } };
  const { maxCount, maxTotalArea } = regionLimits;
  if (maxCount === null && maxTotalArea === null)
    return { decision: 'review', reason: { type: 'score', limit: review } };
  if (!regions) throw new Error("The recipe limits regions, but the image's regions were not measured.");
  if (maxCount !== null && regions.count > maxCount)
    return { decision: 'reject', reason: { type: 'count', count: regions.count, limit: maxCount } };
  if (maxTotalArea !== null && regions.area > maxTotalArea)
    return { decision: 'reject', reason: { type: 'area', area: regions.area, limit: maxTotalArea } };
  return { decision: 'review', reason: { type: 'score', limit: review } };
}
