import { describe, expect, it } from 'vitest';
import { classScale, fractionOn, proposedThreshold, stepped } from './scale.ts';

const scores = (min: number, max: number, threshold: number) => ({ min, max, threshold });

describe('the scale of a class', () => {
  it('runs from the smallest to the largest score of all images', () => {
    expect(classScale([scores(1, 5, 2), scores(0.5, 4, 2)], [2])).toEqual({ low: 0.5, high: 5 });
  });

  it('reaches at least the threshold, so that a spotless class stays pale', () => {
    expect(classScale([scores(1, 2, 7)], [7, undefined])).toEqual({ low: 1, high: 7 });
  });

  it('is a scale even where there is nothing to tell apart', () => {
    expect(classScale([], [undefined])).toEqual({ low: 0, high: 1 });
    expect(classScale([scores(3, 3, 3)], [3])).toEqual({ low: 3, high: 4 });
  });
});

describe('the proposed threshold', () => {
  it('is the mean of the proposals of the images', () => {
    expect(proposedThreshold([scores(0, 1, 2), scores(0, 1, 4)])).toBe(3);
  });

  it('is none before any image was inspected', () => {
    expect(proposedThreshold([])).toBeUndefined();
  });
});

describe('stepping the threshold', () => {
  const scale = { low: 10, high: 20 };

  it('moves by hundredths of the scale', () => {
    expect(stepped(15, 1, scale)).toBeCloseTo(15.1, 12);
    expect(stepped(15, -5, scale)).toBeCloseTo(14.5, 12);
  });

  it('stops at the ends', () => {
    expect(stepped(19.99, 5, scale)).toBe(20);
    expect(stepped(10, -1, scale)).toBe(10);
  });
});

it('places scores on a scale, clipped to its ends', () => {
  expect([5, 10, 15, 30].map((score) => fractionOn(score, { low: 10, high: 20 }))).toEqual([0, 0, 0.5, 1]);
  expect(fractionOn(1, { low: 1, high: 1 })).toBe(0);
});
