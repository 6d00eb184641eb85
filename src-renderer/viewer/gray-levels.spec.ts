import { describe, expect, it } from 'vitest';
import { automaticRange, displayTable, FULL_RANGE, LEVELS, usedRange } from './gray-levels.ts';

/** A histogram with the given counts. */
const counts = (of: Record<number, number>) =>
  Uint32Array.from({ length: LEVELS }, (_, level) => of[level] ?? 0);

describe('display range', () => {
  it('clips one thousandth of the pixels at each end', () => {
    expect(usedRange(counts({ 0: 1, 20: 5000, 90: 5000, 255: 1 }))).toEqual({ low: 20, high: 90 });
    expect(usedRange(counts({ 7: 100 }))).toEqual({ low: 7, high: 8 });
    expect(usedRange(counts({}))).toEqual(FULL_RANGE);
  });

  it('stretches a 12-bit image in a 16-bit file, but not a dark image that uses the full range', () => {
    expect(automaticRange(counts({ 2: 500, 9: 500, 15: 500 }))).toEqual({ low: 0, high: 15 });
    expect(automaticRange(counts({ 2: 900, 80: 100 }))).toEqual(FULL_RANGE);
  });

  it('is linear from black to white; gamma brightens the levels between', () => {
    const table = displayTable({ low: 10, high: 20 }, 1);
    expect([table[0], table[10], table[15], table[20], table[255]]).toEqual([0, 0, 0.5, 1, 1]);
    expect(displayTable({ low: 10, high: 20 }, 2)[15]).toBeCloseTo(Math.SQRT1_2);
    expect(displayTable(FULL_RANGE, 1)[51]).toBeCloseTo(0.2);
  });
});
