import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nearest, pointAt, type Series } from './curves.ts';

const curve = { x: [0, 0.1, 0.1, 0.5, 1], y: [0, 0.4, 0.6, 0.9, 1], threshold: [9, 7, 5, 3, 1] };

describe('reading a curve', () => {
  it('returns the last point at or left of a position', () => {
    expect(pointAt(curve, 0.1)).toEqual({ x: 0.1, y: 0.6, threshold: 5 });
    expect(pointAt(curve, 0.49)).toEqual({ x: 0.1, y: 0.6, threshold: 5 });
    expect(pointAt(curve, 2)).toEqual({ x: 1, y: 1, threshold: 1 });
    expect(pointAt(curve, -1)).toEqual({ x: 0, y: 0, threshold: 9 });
    expect(pointAt({ x: [], y: [], threshold: [] }, 0)).toBeUndefined();
  });

  it('agrees with a linear search', () => {
    const sorted = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(sorted, fc.double({ min: 0, max: 1, noNaN: true }), (values, x) => {
        const xs = [...values].sort((a, b) => a - b);
        const curve = { x: xs, y: xs, threshold: xs.map((value) => 1 - value) };
        const last = xs.filter((value) => value <= x).at(-1) ?? xs[0];
        expect(pointAt(curve, x)?.x).toBe(last);
      }),
    );
  });

  it('finds the nearest curve and skips the first point, whose threshold is infinite', () => {
    const series = (method: number, y: number[]): Series => ({
      method,
      label: '',
      index: 0,
      curve: { x: [0, 0.5, 1], y, threshold: [Infinity, 2, 1] },
    });
    const two = [series(1, [0, 0.9, 1]), series(2, [0, 0.3, 1])];
    expect(nearest(two, 0.6, 0.4)?.series.method).toBe(2);
    expect(nearest(two, 0.6, 0.8)?.point).toEqual({ x: 0.5, y: 0.9, threshold: 2 });
    expect(nearest(two, 0.2, 0)).toBeUndefined();
  });
});
