import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CurvePoints, decimateCurve } from './decimate-curve.ts';

function area({ x, y }: CurvePoints, upTo = 1): number {
  let sum = 0;
  for (let i = 1; i < x.length && x[i - 1] < upTo; i++) {
    const end = Math.min(x[i], upTo);
    const at = x[i] > x[i - 1] ? y[i - 1] + ((y[i] - y[i - 1]) * (end - x[i - 1])) / (x[i] - x[i - 1]) : y[i];
    sum += ((end - x[i - 1]) * (y[i - 1] + at)) / 2;
  }
  return sum;
}

const steps = fc.array(fc.tuple(fc.nat(3), fc.nat(3)), { minLength: 50, maxLength: 400 });

/** A ROC curve from the numbers of false and true positives at each threshold. */
function rising(counts: [number, number][]): CurvePoints {
  const sums = (of: 0 | 1) => {
    let sum = 0;
    const all = counts.map((count) => (sum += count[of]));
    return [0, ...all.map((value) => value / Math.max(1, sum))];
  };
  return { x: sums(0), y: sums(1), threshold: Float32Array.from([0, ...counts], (_, i) => -i) };
}

describe('a decimated curve', () => {
  it('keeps the area, also up to the FPR limit of AUPRO', () => {
    fc.assert(
      fc.property(steps, (counts) => {
        const whole = rising(counts);
        const decimated = decimateCurve(whole, 20, 0.3);
        expect(decimated.x.length).toBeLessThan(48);
        expect(area(decimated)).toBeCloseTo(area(whole), 10);
        expect(area(decimated, 0.3)).toBeCloseTo(area(whole, 0.3), 10);
      }),
    );
  });

  it('stays monotonic and keeps the first and last point', () => {
    fc.assert(
      fc.property(steps, (counts) => {
        const whole = rising(counts);
        const { x, y, threshold } = decimateCurve(whole, 20);
        for (let i = 1; i < x.length; i++) {
          expect(x[i]).toBeGreaterThanOrEqual(x[i - 1] - 1e-12);
          expect(y[i]).toBeGreaterThanOrEqual(y[i - 1] - 1e-12);
          expect(threshold[i]).toBeLessThanOrEqual(threshold[i - 1]);
        }
        expect([x[0], y[0], x.at(-1), y.at(-1)]).toEqual([
          0,
          0,
          whole.x.length > 1 ? whole.x[whole.x.length - 1] : 0,
          whole.y[whole.y.length - 1],
        ]);
      }),
    );
  });

  it('returns a short curve unchanged', () => {
    const whole = { x: [0, 0.5, 1], y: [0, 0.9, 1], threshold: [3, 2, 1] };
    expect(decimateCurve(whole, 100)).toEqual(whole);
  });
});
