import fc from 'fast-check';
import { expect, it } from 'vitest';
import { unionArea } from './usable-area.ts';

it('the area of a union is the number of unit squares that any rectangle covers', () => {
  const side = fc.integer({ min: 0, max: 12 });
  const box = fc.tuple(side, side, side, side).map(([a, b, c, d]) => ({
    from: Math.min(a, b),
    to: Math.max(a, b),
    left: Math.min(c, d),
    right: Math.max(c, d),
  }));
  fc.assert(
    fc.property(fc.array(box, { maxLength: 8 }), (boxes) => {
      let covered = 0;
      for (let y = 0; y < 12; y++) {
        for (let x = 0; x < 12; x++) {
          if (boxes.some(({ from, to, left, right }) => y >= from && y < to && x >= left && x < right))
            covered++;
        }
      }
      expect(unionArea(boxes)).toBe(covered);
    }),
  );
});
