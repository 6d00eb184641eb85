import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { swarm } from './swarm.ts';

describe('swarm', () => {
  it('places single marks in the middle of the row', () => {
    expect(swarm([3, 53, 103], 8, 60)).toEqual([-0, -0, -0]);
  });

  it('stacks the marks of a column alternately', () => {
    expect(swarm([1, 2, 3, 4], 8, 60)).toEqual([-4, 4, -12, 12]);
  });

  it('stays within the row and never covers another mark of the column completely', () => {
    const marks = fc.array(fc.double({ min: 0, max: 40, noNaN: true }), { minLength: 1, maxLength: 80 });
    fc.assert(
      fc.property(marks, (xs) => {
        const offsets = swarm(xs, 8, 40);
        const places = xs.map((x, at) => `${Math.floor(x / 8)} ${offsets[at]}`);
        expect(new Set(places).size).toBe(xs.length);
        for (const offset of offsets) expect(Math.abs(offset) + 4).toBeLessThanOrEqual(20 + 1e-9);
      }),
    );
  });
});
