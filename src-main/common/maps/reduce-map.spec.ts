import { describe, expect, it } from 'vitest';
import { reduceMap } from './reduce-map.ts';

describe('a reduced map', () => {
  it('keeps the highest score of each square, and its place', () => {
    const values = Float32Array.from([1, 2, 3, 4, 9, 5, 0, 0, 7]);
    const placed = {
      map: { values, width: 3, height: 3 },
      width: 11,
      height: 12,
      extentWidth: 12,
      extentHeight: 12,
    };
    const reduced = reduceMap(placed, 2);
    expect([...reduced.map.values]).toEqual([9, 5, 0, 7]);
    expect(reduced).toMatchObject({ width: 11, height: 12, extentWidth: 16, extentHeight: 16 });
    expect(reduceMap(placed, 1)).toBe(placed);
  });
});
