import { describe, expect, it } from 'vitest';
import { normalStream, uniformStream } from './prng.ts';

describe('a seeded stream', () => {
  it.each([
    [0, [1144304738, 1416247, 958946056, 627933444]],
    [7, [50271532, 266108690, 4195786334, 3002305430]],
    [2 ** 32 - 1, [3850105811, 813802916, 3073704848, 4054706436]],
  ])('of seed %i gives the same uniform numbers for good', (seed, expected) => {
    const uniform = uniformStream(seed);
    expect(expected.map(() => uniform() * 2 ** 32)).toEqual(expected);
  });

  it('gives the same normal numbers for good', () => {
    const normal = normalStream(7);
    for (const expected of [
      0.14197043782155663, 0.058240714748711335, -0.8642530248729361, -2.605680906750795,
    ])
      expect(normal()).toBeCloseTo(expected, 12);
  });

  it('of normal numbers has mean 0, variance 1 and the kurtosis of a normal distribution', () => {
    const normal = normalStream(1);
    const drawn = Array.from({ length: 100_000 }, normal);
    const moment = (power: number) => drawn.reduce((sum, value) => sum + value ** power, 0) / drawn.length;
    expect(moment(1)).toBeCloseTo(0, 1);
    expect(moment(2)).toBeCloseTo(1, 1);
    expect(Math.abs(moment(4) - 3)).toBeLessThan(0.15);
  });
});
