import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
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

describe("Cohen's kappa", () => {
  it('has the value of the textbook example', () => {
    expect(
      cohensKappa([
        [20, 5],
        [10, 15],
      ]),
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
        else expect(kappa).toBeCloseTo((observed - expected) / (1 - expected), 9);
      }),
    );
  });

  it('does not depend on the order of the raters', () => {
    fc.assert(
      fc.property(ratings, (pairs) => {
        const swapped = pairs.map(([first, second]) => [second, first] as const);
        expect(cohensKappa(tableOf(swapped))).toBe(cohensKappa(tableOf(pairs)));
      }),
    );
  });

  it('is 1 for raters who always agree and use more than one category', () => {
    fc.assert(
      fc.property(fc.array(category(), { minLength: 2 }), (said) => {
        fc.pre(new Set(said).size > 1);
        expect(cohensKappa(tableOf(said.map((each) => [each, each])))).toBe(1);
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
          expect(cohensKappa(tableOf(renamed))).toBe(cohensKappa(tableOf(pairs)));
        },
      ),
    );
  });

  it('is undefined without ratings or with only one category in use', () => {
    expect(cohensKappa(tableOf([]))).toBeNull();
    expect(cohensKappa(tableOf([[1, 1]]))).toBeNull();
  });
});
