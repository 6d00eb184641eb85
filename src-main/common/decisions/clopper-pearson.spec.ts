import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { binomialUpperTail, logFactorial } from './binomial.ts';
import { clopperPearson, observedRate } from './clopper-pearson.ts';

/** P(X = k) by Pascal's triangle. */
function probability(k: number, n: number, p: number): number {
  let row = [1];
  for (let i = 0; i < n; i++)
    row = Array.from({ length: row.length + 1 }, (_, at) => (row[at - 1] ?? 0) + (row[at] ?? 0));
  return row[k] * p ** k * (1 - p) ** (n - k);
}

function upperTail(count: number, of: number, p: number): number {
  let sum = 0;
  for (let k = Math.max(0, count); k <= of; k++) sum += probability(k, of, p);
  return sum;
}

describe('the binomial tail', () => {
  it('equals the sum of its definition', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 50 }),
        fc.integer({ min: -1, max: 52 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (of, count, p) => {
          expect(binomialUpperTail(count, of, p)).toBeCloseTo(upperTail(count, of, p), 10);
        },
      ),
    );
  });

  it('has the logarithm of n! across the table and the series', () => {
    let sum = 0;
    for (let n = 1; n <= 2000; n++) {
      sum += Math.log(n);
      expect(logFactorial(n) / sum || 1).toBeCloseTo(1, 12);
    }
  });

  it('preserves tiny tails', () => {
    expect(binomialUpperTail(10, 10, 0.01) / 1e-20).toBeCloseTo(1, 9);
  });
});

describe('the Clopper-Pearson interval', () => {
  // Newcombe, "Two-sided confidence intervals for the single proportion", Statistics in Medicine 17 (1998), Table I, method 5.
  it.each([
    [81, 263, 0.2527, 0.3676],
    [15, 148, 0.0578, 0.1617],
    [0, 20, 0, 0.1684],
    [1, 29, 0.0009, 0.1776],
  ])('of %i of %i is %d to %d, as published', (count, of, low, high) => {
    const interval = clopperPearson(count, of);
    expect(interval.low).toBeCloseTo(low, 4);
    expect(interval.high).toBeCloseTo(high, 4);
  });

  it('has closed forms at the ends: 1 - (a / 2)^(1 / n)', () => {
    for (const n of [1, 10, 1000, 100_000]) {
      expect(clopperPearson(0, n)).toEqual({ low: 0, high: expect.closeTo(1 - 0.025 ** (1 / n), 9) });
      expect(clopperPearson(n, n)).toEqual({ low: expect.closeTo(0.025 ** (1 / n), 9), high: 1 });
    }
  });

  it('covers the true rate with at least the stated probability', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 40 }),
        fc.double({ min: 0.01, max: 0.99, noNaN: true }),
        fc.constantFrom(0.8, 0.95, 0.99),
        (n, p, confidence) => {
          let covered = 0;
          for (let count = 0; count <= n; count++) {
            const { low, high } = clopperPearson(count, n, confidence);
            if (low <= p && p <= high) covered += probability(count, n, p);
          }
          expect(covered).toBeGreaterThanOrEqual(confidence - 1e-9);
        },
      ),
    );
  });

  it('contains the observed rate, mirrors, and narrows with more images', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 5000 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (of, share) => {
          const count = Math.round(share * of);
          const { low, high } = clopperPearson(count, of);
          expect(low).toBeLessThanOrEqual(count / of);
          expect(high).toBeGreaterThanOrEqual(count / of);
          const mirror = clopperPearson(of - count, of);
          expect(mirror.low).toBeCloseTo(1 - high, 9);
          const more = clopperPearson(4 * count, 4 * of);
          expect(more.high - more.low).toBeLessThan(high - low);
        },
      ),
    );
  });

  it('is 0 to 1 without observations', () => {
    expect(observedRate(0, 0)).toEqual({ count: 0, of: 0, low: 0, high: 1 });
  });
});
