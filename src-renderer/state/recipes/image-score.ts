import type { ImageDecision } from '../../../src-main/common/api/recipes.ts';
import type { Result } from '../../../src-main/common/api/runs.ts';
import { resultScore } from '../../../src-main/common/decisions/result-score.ts';

/**
 * The score that represents an image: the recipe's image score if the recipe decided this result, or else the method's own
 * image score or the highest score of the map. Undefined without a result, or if no region can satisfy the size limits.
 */
export function imageScore(
  result: Result | undefined,
  decision: ImageDecision | undefined,
): number | undefined {
  if (!result) return undefined;
  return decision?.map === result.map ? (decision.score ?? undefined) : resultScore(result);
}
