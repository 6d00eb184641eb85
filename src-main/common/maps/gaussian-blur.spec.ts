import { describe, expect, it } from 'vitest';
import { gaussianBlur } from './gaussian-blur.ts';

const constant = { values: new Float32Array(7 * 4).fill(0.5), height: 7, width: 4 };

describe('a Gaussian blur', () => {
  it.each(['reflect', 'repeat'] as const)(
    'keeps a constant map, even if it is smaller than the weights (border: %s)',
    (border) => {
      for (const value of gaussianBlur(constant, { radius: 12, sigma: 4, border }))
        expect(value).toBeCloseTo(0.5, 6);
    },
  );

  it('spreads a point by the Gaussian weights', () => {
    const values = new Float32Array(21 * 21);
    values[10 * 21 + 10] = 1;
    const blurred = gaussianBlur(
      { values, height: 21, width: 21 },
      { radius: 2, sigma: 1, border: 'reflect' },
    );
    const at = (y: number, x: number) => blurred[y * 21 + x];
    expect(at(10, 11) / at(10, 10)).toBeCloseTo(Math.exp(-0.5), 5);
    expect(at(12, 11) / at(10, 10)).toBeCloseTo(Math.exp(-2.5), 5);
    expect(at(10, 13)).toBe(0);
    expect(blurred.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 5);
  });

  it('keeps a constant map, even if it is smaller than the kernel (border: %s)', () => {
    const values = Float32Array.of(0, 1, 0, 0, 0, 0);
    const blurred = gaussianBlur({ values, height: 1, width: 6 }, { radius: 1, sigma: 1, border: 'reflect' });
    expect(blurred[0] / blurred[2]).toBeCloseTo(2, 5);
  });

  it('repeats the border value', () => {
    const values = Float32Array.of(1, 0, 0, 0);
    const blurred = gaussianBlur({ values, height: 1, width: 4 }, { radius: 1, sigma: 1, border: 'repeat' });
    expect(blurred[0] + blurred[1]).toBeCloseTo(1, 5);
    expect(blurred[2]).toBe(0);
  });

  it('blurs each plane separately', () => {
    const values = Float32Array.of(1, 1, 1, 1, 0, 0, 0, 0);
    const blurred = gaussianBlur({ values, height: 2, width: 2 }, { radius: 3, sigma: 2, border: 'reflect' });
    for (const [position, value] of values.entries()) expect(blurred[position]).toBeCloseTo(value, 6);
  });

  it('leaves values unchanged with a sigma of 0', () => {
    const values = Float64Array.of(3, -1, 4, 1);
    expect(gaussianBlur({ values, height: 1, width: 4 }, { radius: 2, sigma: 0, border: 'reflect' })).toEqual(
      values,
    );
  });
});
