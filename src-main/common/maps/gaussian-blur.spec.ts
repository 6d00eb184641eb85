import { describe, expect, it } from 'vitest';
import { blurPlane } from './gaussian-blur.ts';

const constant = { values: new Float32Array(7 * 4).fill(0.5), height: 7, width: 4 };

describe('blurring a map', () => {
  it('leaves a constant map as it is, smaller than the weights too', () => {
    for (const value of blurPlane(constant, 25, 4).values) expect(value).toBeCloseTo(0.5, 6);
  });

  it('spreads a point by the Gaussian weights', () => {
    const values = new Float32Array(21 * 21);
    values[10 * 21 + 10] = 1;
    const { values: blurred } = blurPlane({ values, height: 21, width: 21 }, 5, 1);
    const at = (y: number, x: number) => blurred[y * 21 + x];
    expect(at(10, 11) / at(10, 10)).toBeCloseTo(Math.exp(-0.5), 5);
    expect(at(12, 11) / at(10, 10)).toBeCloseTo(Math.exp(-2.5), 5);
    expect(at(10, 13)).toBe(0);
    expect(blurred.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 5);
  });

  it('reflects the border without repeating it', () => {
    const values = Float32Array.of(0, 1, 0, 0, 0, 0);
    const { values: blurred } = blurPlane({ values, height: 1, width: 6 }, 3, 1);
    expect(blurred[0] / blurred[2]).toBeCloseTo(2, 5);
  });
});
