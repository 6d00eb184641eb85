import { describe, expect, it } from 'vitest';
import { normalize, nudge } from './value-range.ts';

describe('stepping the threshold', () => {
  const scale = { low: 10, high: 20 };

  it('moves by hundredths of the range', () => {
    expect(nudge(15, 1, scale)).toBeCloseTo(15.1, 12);
    expect(nudge(15, -5, scale)).toBeCloseTo(14.5, 12);
  });

  it('stops at the ends', () => {
    expect(nudge(19.99, 5, scale)).toBe(20);
    expect(nudge(10, -1, scale)).toBe(10);
  });
});

it('maps scores to 0..1, clamped to the ends', () => {
  expect([5, 10, 15, 30].map((score) => normalize(score, { low: 10, high: 20 }))).toEqual([0, 0, 0.5, 1]);
  expect(normalize(1, { low: 1, high: 1 })).toBe(0);
});
