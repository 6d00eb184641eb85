import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Kappa } from '../../common/api/sessions.ts';
import { cohensKappa } from './kappa.ts';

const CATEGORIES = 3;

/** The ratings of the same subjects by two raters. */
const ratings = fc.array(fc.tuple(category(), category()), { maxLength: 60 });

function category() {
  return fc.nat({ max: CATEGORIES - 1 });
}

function tableOf(pairs: readonly (readonly [number, number])[]): number[][] {
  const counts = Array.from({ length: CATEGORIES }, () => new Array<number>(CATEGORIES).fill(0));
  for (const [first, second] of pairs) counts[first][second]++;
  return counts;
}

/** Sums in a different order round differently. */
function expectSame(kappa: Kappa | null, other: Kappa | null) {
  expect(kappa?.value).toBe(other?.value);
  expect(kappa?.interval === null).toBe(other?.interval === null);
  expect(kappa?.interval?.low ?? 0).toBeCloseTo(other?.interval?.low ?? 0, 9);
  expect(kappa?.interval?.high ?? 0).toBeCloseTo(other?.interval?.high ?? 0, 9);
}

/** Kappa of a table with any sum, without an interval. */
function kappaOf(table: readonly (readonly number[])[]): number {
  const total = table.flat().reduce((sum, count) => sum + count, 0);
  let [observed, expected] = [0, 0];
  table.forEach((row, i) => {
    observed += row[i] / total;
    const first = row.reduce((sum, count) => sum + count, 0) / total;
    expected += (first * table.reduce((sum, other) => sum + other[i], 0)) / total;
  });
  return (observed - expected) / (1 - expected);
}

/**
 * The standard error by the delta method: the gradient of kappa by finite differences, and the covariance of
 * multinomial proportions.
 */
function deltaMethodError(table: readonly (readonly number[])[]): number {
  const total = table.flat().reduce((sum, count) => sum + count, 0);
  const STEP = 1e-5;
  const moved = (i: number, j: number, step: number) =>
    kappaOf(
      table.map((row, at) => row.map((count, to) => count / total + (at === i && to === j ? step : 0))),
    );
  let [mean, square] = [0, 0];
  table.forEach((row, i) =>
    row.forEach((count, j) => {
      const slope = (moved(i, j, STEP) - moved(i, j, -STEP)) / (2 * STEP);
      mean += (count / total) * slope;
      square += (count / total) * slope ** 2;
    }),
  );
  return Math.sqrt(Math.max(0, square - mean ** 2) / total);
}

describe("Cohen's kappa", () => {
  it('has the value of the textbook example', () => {
    expect(
      cohensKappa([
        [20, 5],
        [10, 15],
      ])?.value,
    ).toBeCloseTo(0.4, 12);
  });

  it('equals its definition by probabilities', () => {
    fc.assert(
      fc.property(ratings, (pairs) => {
        const share = (test: (pair: readonly [number, number]) => boolean) =>
          pairs.filter(test).length / pairs.length;
        const observed = share(([first, second]) => first === second);
        let expected = 0;
        for (let each = 0; each < CATEGORIES; each++)
          expected += share(([first]) => first === each) * share(([, second]) => second === each);
        const kappa = cohensKappa(tableOf(pairs));
        if (kappa === null) expect(pairs.length === 0 || expected === 1).toBe(true);
        else expect(kappa.value).toBeCloseTo((observed - expected) / (1 - expected), 9);
      }),
    );
  });

  it('does not depend on the order of the raters', () => {
    fc.assert(
      fc.property(ratings, (pairs) => {
        const swapped = pairs.map(([first, second]) => [second, first] as const);
        expectSame(cohensKappa(tableOf(swapped)), cohensKappa(tableOf(pairs)));
      }),
    );
  });

  it('is 1 for raters who always agree and use more than one category', () => {
    fc.assert(
      fc.property(fc.array(category(), { minLength: 2 }), (said) => {
        fc.pre(new Set(said).size > 1);
        expect(cohensKappa(tableOf(said.map((each) => [each, each])))).toEqual({ value: 1, interval: null });
      }),
    );
  });

  it('does not depend on the names of the categories', () => {
    fc.assert(
      fc.property(
        ratings,
        fc.shuffledSubarray([0, 1, 2], { minLength: CATEGORIES, maxLength: CATEGORIES }),
        (pairs, names) => {
          const renamed = pairs.map(([first, second]) => [names[first], names[second]] as const);
          expectSame(cohensKappa(tableOf(renamed)), cohensKappa(tableOf(pairs)));
        },
      ),
    );
  });

  it('has the interval of the example of SAS/STAT, PROC FREQ: two dermatologists', () => {
    const kappa = cohensKappa([
      [10, 4, 1, 0],
      [5, 10, 12, 2],
      [2, 4, 12, 5],
      [0, 2, 6, 13],
    ]);
    expect(kappa?.value.toFixed(4)).toBe('0.3449');
    expect(kappa?.interval?.low.toFixed(4)).toBe('0.2030');
    expect(kappa?.interval?.high.toFixed(4)).toBe('0.4868');
  });

  it('has the standard error of the delta method', () => {
    const table = fc.array(fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 3, maxLength: 3 }), {
      minLength: 3,
      maxLength: 3,
    });
    fc.assert(
      fc.property(table, (counts) => {
        const kappa = cohensKappa(counts);
        const { low = NaN, high = NaN } = kappa?.interval ?? {};
        // The interval is clipped at its bounds.
        fc.pre(low > -1 && high < 1);
        expect((high - low) / (2 * 1.959964)).toBeCloseTo(deltaMethodError(counts), 5);
      }),
    );
  });

  it('has an interval within -1 and 1 around its value, which narrows with the number of ratings', () => {
    fc.assert(
      fc.property(ratings, (pairs) => {
        const { value, interval } = cohensKappa(tableOf(pairs)) ?? {};
        fc.pre(value !== undefined && interval !== null && interval !== undefined);
        expect(interval.low).toBeGreaterThanOrEqual(-1);
        expect(interval.high).toBeLessThanOrEqual(1);
        expect(interval.low).toBeLessThan(value);
        expect(interval.high).toBeGreaterThan(value);
        const more = cohensKappa(tableOf([...pairs, ...pairs, ...pairs, ...pairs]))?.interval;
        expect((more?.high ?? 2) - (more?.low ?? -2)).toBeLessThan(interval.high - interval.low + 1e-12);
      }),
    );
  });

  it('is undefined without ratings or with only one category in use', () => {
    expect(cohensKappa(tableOf([]))).toBeNull();
    expect(cohensKappa(tableOf([[1, 1]]))).toBeNull();
  });
});
