import fc from 'fast-check';
import { expect, it } from 'vitest';
import { orderStatistic } from './order-statistic.ts';

it('is the value at that place of the sorted values', () => {
  const values = fc.float32Array({ minLength: 1, maxLength: 60, noNaN: true });
  fc.assert(
    fc.property(values, fc.nat(), (found, seed) => {
      const rank = seed % found.length;
      const at = orderStatistic(found.length, (i) => found[i], rank);
      // 0 and -0 compare as equal.
      expect(at === found.slice().sort()[rank]).toBe(true);
    }),
  );
});
