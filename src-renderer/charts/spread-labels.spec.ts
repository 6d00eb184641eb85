import fc from 'fast-check';
import { expect, it } from 'vitest';
import { spreadLabels } from './spread-labels.ts';

const bounds = { low: 10, high: 300 };

it('leaves labels in place that do not overlap', () => {
  expect(spreadLabels([200, 20, 100], 14, bounds)).toEqual([200, 20, 100]);
});

it('moves overlapping labels apart around their middle', () => {
  expect(spreadLabels([100, 104, 200], 14, bounds)).toEqual([95, 109, 200]);
});

it('keeps order, spacing and bounds wherever there is room', () => {
  const position = fc.double({ min: -50, max: 400, noNaN: true });
  fc.assert(
    fc.property(fc.array(position, { minLength: 1, maxLength: 8 }), (positions) => {
      const placed = spreadLabels(positions, 14, bounds);
      const order = [...positions.keys()].sort((a, b) => positions[a] - positions[b]);
      const sorted = order.map((at) => placed[at]);
      expect(sorted[0]).toBeGreaterThanOrEqual(bounds.low);
      expect(sorted.at(-1)).toBeLessThanOrEqual(bounds.high + 1e-9);
      for (let i = 1; i < sorted.length; i++)
        expect(sorted[i] - sorted[i - 1]).toBeGreaterThanOrEqual(14 - 1e-9);
    }),
  );
});
