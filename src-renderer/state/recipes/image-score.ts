import type { ImageDecision } from '../../../src-main/common/api/recipes.ts';
import type { Result } from '../../../src-main/common/api/runs.ts';

/**
 * The score that represents an image: the recipe's image score if the recipe decided this result, or else the highest
 * score of the map. Undefined without a result, or if no region can satisfy the size limits.
 */
export function imageScore(
  result: Result | undefined,
  decision: ImageDecision | undefined,
): number | undefined {
  if (!result) return undefined;
  return decision?.map === result.map ? (decision.score ?? undefined) : result.max;
}
