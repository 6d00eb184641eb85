import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ticks } from './ticks.ts';

const labels = (low: number, high: number, most: number) =>
  ticks({ low, high }, most).map(({ label }) => label);

describe('the ticks of an axis', () => {
  it('are round values with no more digits than they need', () => {
    expect(labels(0, 1, 6)).toEqual(['0.0', '0.2', '0.4', '0.6', '0.8', '1.0']);
    expect(labels(0, 0.4, 6)).toEqual(['0.0', '0.1', '0.2', '0.3', '0.4']);
    expect(labels(0.0123, 0.0187, 4)).toEqual(['0.014', '0.016', '0.018']);
    expect(labels(0, 90, 2)).toEqual(['0', '50']);
    expect(labels(0, 10, 1)).toEqual(['0', '10']);
  });

  it('are empty for an empty or infinite range', () => {
    expect(ticks({ low: 1, high: 1 }, 5)).toEqual([]);
    expect(ticks({ low: 0, high: Infinity }, 5)).toEqual([]);
  });

  it('are inside the range, distinct, and in at most the requested number of steps', () => {
    const number = fc.double({ min: -1e6, max: 1e6, noNaN: true });
    fc.assert(
      fc.property(
        number,
        fc.double({ min: 1e-3, max: 1e6, noNaN: true }),
        fc.integer({ min: 1, max: 9 }),
        (low, span, most) => {
          const result = ticks({ low, high: low + span }, most);
          expect(result.length).toBeLessThanOrEqual(most + 1);
          for (const { value } of result) {
            expect(value).toBeGreaterThanOrEqual(low - span * 1e-6);
            expect(value).toBeLessThanOrEqual(low + span * (1 + 1e-6));
          }
          expect(new Set(result.map(({ label }) => label)).size).toBe(result.length);
        },
      ),
    );
  });
});
