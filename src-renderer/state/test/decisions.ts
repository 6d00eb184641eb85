import type { ImageDecision } from '../../../src-main/common/api/recipes.ts';

/** A decision with defaults for the other properties. */
export function aDecision(part: Partial<ImageDecision> & { image: number }): ImageDecision {
  return {
    result: part.image,
    map: 'map',
    recipe: 1,
    revision: 1,
    score: 0.01,
    decision: 'pass',
    reason: { type: 'below', limit: 0.0188 },
    ...part,
  };
}
