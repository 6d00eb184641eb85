import { describe, expect, it } from 'vitest';
import { gaussianPrng, mulberry32 } from './prng.ts';

describe('a seeded generator', () => {
  it.each([
    [0, [1144304738, 1416247, 958946056, 627933444]],
    [7, [50271532, 266108690, 4195786334, 3002305430]],
    [2 ** 32 - 1, [3850105811, 813802916, 3073704848, 4054706436]],
  ])('with seed %i never changes its uniform numbers', (seed, expected) => {
    const uniform = mulberry32(seed);
    expect(expected.map(() => uniform() * 2 ** 32)).toEqual(expected);
  });

  it('never changes its normal numbers', () => {
    const normal = gaussianPrng(7);
    for (const expected of [
      0.14197043782155663, 0.058240714748711335, -0.8642530248729361, -2.605680906750795,
    ])
      expect(normal()).toBeCloseTo(expected, 12);
  });

  it('returns normal numbers with mean 0, variance 1 and the kurtosis of a normal distribution', () => {
    const numbers = Array.from({ length: 100_000 }, gaussianPrng(1));
    const moment = (power: number) =>
      numbers.reduce((sum, value) => sum + value ** power, 0) / numbers.length;
    expect(moment(1)).toBeCloseTo(0, 1);
    expect(moment(2)).toBeCloseTo(1, 1);
    expect(Math.abs(moment(4) - 3)).toBeLessThan(0.15);
  });
});
