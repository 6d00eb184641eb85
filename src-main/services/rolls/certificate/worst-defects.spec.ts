import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { RollDefect } from '../../../common/api/rolls.ts';
import { partAround, worstDefects } from './worst-defects.ts';

const imageSide = fc.integer({ min: 20, max: 5000 });
const fractions = fc.tuple(
  fc.double({ min: 0, max: 0.9, noNaN: true }),
  fc.double({ min: 0.01, max: 1, noNaN: true }),
);

it('shows a part inside the image that contains the highest score, and the whole defect if it fits', () => {
  fc.assert(
    fc.property(
      imageSide,
      imageSide,
      fractions,
      fractions,
      fc.double({ min: 0, max: 0.99, noNaN: true }),
      (width, height, h, v, at) => {
        const box = {
          left: h[0] * width,
          top: v[0] * height,
          width: h[1] * (width - h[0] * width),
          height: v[1] * (height - v[0] * height),
        };
        const peak = { x: Math.floor(box.left + at * box.width), y: Math.floor(box.top + at * box.height) };
        const part = partAround({ box, id: `${peak.x},${peak.y}` }, { width, height });
        expect(Math.min(part.left, part.top)).toBeGreaterThanOrEqual(0);
        expect(part.left + part.width).toBeLessThanOrEqual(width);
        expect(part.top + part.height).toBeLessThanOrEqual(height);
        for (const [value, start, length] of [
          [peak.x, part.left, part.width],
          [peak.y, part.top, part.height],
        ]) {
          expect(value).toBeGreaterThanOrEqual(start);
          expect(value).toBeLessThan(start + length);
        }
        for (const side of [part.left, part.top, part.width, part.height])
          expect(Number.isInteger(side)).toBe(true);
        if (box.width + 2 > part.width) return;
        expect(part.left).toBeLessThanOrEqual(Math.max(0, box.left + 1));
        expect(part.left + part.width).toBeGreaterThanOrEqual(
          Math.min(width, Math.floor(box.left + box.width) - 1),
        );
      },
    ),
  );
});

it('takes those with the most points first, and none that a person accepted', () => {
  const defect = (id: string, points: number, score: number, verdict?: 'accept' | 'reject') =>
    ({ id, points, score, assessment: verdict ? { verdict } : null }) as RollDefect;
  const defects = [
    defect('a', 1, 9),
    defect('b', 4, 1),
    defect('c', 4, 2, 'reject'),
    defect('d', 4, 9, 'accept'),
    defect('e', 0, 1),
  ];
  expect(worstDefects(defects, 3).map(({ id }) => id)).toEqual(['c', 'b', 'a']);
});
