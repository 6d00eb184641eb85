import type { DecisionThresholds, RegionLimits } from '../api/recipes.ts';

/**
 * Whether region limits can reject images below the reject threshold. The guarantee counts only rejects by the
 * score, so it is void then.
 */
export function voidsGuarantee(
  { maxCount, maxTotalArea }: RegionLimits,
  { review, reject }: DecisionThresholds,
): boolean {
  return review < reject && (maxCount !== null || maxTotalArea !== null);
}
