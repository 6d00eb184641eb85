import { expect, it } from 'vitest';
import type { Result } from '../../../src-main/common/api/runs.ts';
import { aDecision } from '../test/decisions.ts';
import { imageScore } from './image-score.ts';

const result = { map: 'a', max: 9, regionSha256: '' } as Result;

it("is the recipe's score if the recipe decided the same map, and else the highest score", () => {
  expect(imageScore(result, aDecision({ image: 1, map: 'a', score: 4 }))).toBe(4);
  expect(imageScore(result, aDecision({ image: 1, map: 'b', score: 4 }))).toBe(9);
  expect(imageScore(result, undefined)).toBe(9);
});

it("is the method's own image score where the whole image is inspected", () => {
  expect(imageScore({ ...result, imageScore: 0.7 }, undefined)).toBe(0.7);
  expect(imageScore({ ...result, imageScore: 0.7, regionSha256: 'f' }, undefined)).toBe(9);
  expect(imageScore({ ...result, imageScore: 0.7 }, aDecision({ image: 1, map: 'a', score: 4 }))).toBe(4);
});

it('is unknown without a result, and if no region is large enough', () => {
  expect(imageScore(undefined, aDecision({ image: 1 }))).toBeUndefined();
  expect(imageScore(result, aDecision({ image: 1, map: 'a', score: null }))).toBeUndefined();
});
