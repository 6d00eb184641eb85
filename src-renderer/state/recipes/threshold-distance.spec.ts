import { expect, it } from 'vitest';
import type { Recipe } from '../../../src-main/common/api/recipes.ts';
import { aDecision } from '../test/decisions.ts';
import { thresholdDistance } from './threshold-distance.ts';

const recipe = (thresholds: object | null) =>
  new Map([[1, { latest: { definition: { thresholds } } } as Recipe]]);

it('is relative to the nearest threshold', () => {
  const recipes = recipe({ review: 2, reject: 4 });
  expect(thresholdDistance(aDecision({ image: 1, score: 1 }), recipes)).toBe(0.5);
  expect(thresholdDistance(aDecision({ image: 1, score: 5 }), recipes)).toBe(0.25);
});

it('is unknown without a score or thresholds', () => {
  expect(
    thresholdDistance(aDecision({ image: 1, score: null }), recipe({ review: 2, reject: 4 })),
  ).toBeUndefined();
  expect(thresholdDistance(aDecision({ image: 1 }), recipe(null))).toBeUndefined();
  expect(thresholdDistance(undefined, recipe(null))).toBeUndefined();
});
