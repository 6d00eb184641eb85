import { describe, expect, it } from 'vitest';
import { contourPath } from '../../src-main/common/maps/contour.ts';
import { pathOf, ringAround, ringsOf } from './contour-rings.ts';

const square = (low: number, high: number) =>
  `M${low} ${low}L${high} ${low}L${high} ${high}L${low} ${high}L${low} ${low}Z`;

describe('contour rings', () => {
  // A region with a hole, and an island in the hole.
  const rings = ringsOf(square(0, 10) + square(2, 8) + square(4, 6));

  it('are parsed from the path', () => {
    expect(rings).toHaveLength(3);
    expect(rings[0][1]).toEqual({ x: 10, y: 0 });
    expect(pathOf(rings[1])).toBe(square(2, 8));
    expect(ringsOf('')).toEqual([]);
  });

  it('bound a region from outside, including an island in a hole', () => {
    expect(ringAround(rings, { x: 1, y: 5 })).toBe(rings[0]);
    expect(ringAround(rings, { x: 5, y: 5 })).toBe(rings[2]);
    expect(ringAround(rings, { x: 20, y: 5 })).toBeUndefined();
  });

  it('are parsed from the output of contourPath', () => {
    const values = new Float32Array(64);
    values[3 * 8 + 3] = 1;
    const map = { values, width: 8, height: 8 };
    const path = contourPath({ map, width: 8, height: 8, extentWidth: 8, extentHeight: 8 }, 0.5);
    expect(ringAround(ringsOf(path), { x: 3.5, y: 3.5 })).toBeDefined();
  });
});
