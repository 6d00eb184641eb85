import type { ImageDecision, Recipe } from '../../../src-main/common/api/recipes.ts';

/**
 * How far a score is from its recipe's nearest threshold, as a fraction of that threshold, so that classes
 * are comparable. Undefined without a score or without thresholds.
 */
export function thresholdDistance(
  decision: ImageDecision | undefined,
  recipes: ReadonlyMap<number, Recipe>,
): number | undefined {
  const thresholds = decision && recipes.get(decision.recipe)?.latest.definition.thresholds;
  if (!thresholds || decision.score === null) return undefined;
  const { score } = decision;
  const distances = [thresholds.review, thresholds.reject].map(
    (threshold) => Math.abs(score - threshold) / (Math.abs(threshold) || 1),
  );
  return Math.min(...distances);
}
