import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gaussianPrng, mulberry32, type Prng } from '../../methods/prng.ts';
import { conformalLimit, imagesForRate, lowestGuarantee } from './conformal-limit.ts';
import { nextFloat32 } from './float32.ts';

const scores = (count: number, from: Prng) => Array.from({ length: count }, () => Math.fround(from()));

function limitOf(good: readonly number[], rate: number) {
  const limit = conformalLimit(good, rate);
  if (!limit) throw new Error('too few images');
  return limit;
}

/** Generators of good images' scores. All calls of a generator draw from the same distribution. */
const distributions: Record<string, (seed: number) => Prng> = {
  uniform: mulberry32,
  normal: gaussianPrng,
  'log-normal': (seed) => {
    const normal = gaussianPrng(seed);
    return () => Math.exp(2 * normal());
  },
  Cauchy: (seed) => {
    const uniform = mulberry32(seed);
    return () => Math.tan(Math.PI * (uniform() - 0.5));
  },
  'five values': (seed) => {
    const uniform = mulberry32(seed);
    return () => Math.floor(5 * uniform());
  },
  constant: () => () => 0.25,
};

describe('the conformal limit', () => {
  it.each(
    Object.keys(distributions).flatMap((name) =>
      [
        [10, 0],
        [20, 0.05],
        [37, 0.1],
        [50, 0.3],
      ].map(([n, rate]) => [name, n, rate] as const),
    ),
  )('keeps its guarantee on new %s scores with %i good images and rate %d', (name, n, rate) => {
    const draws = 4000;
    const perDraw = 10;
    const from = distributions[name](n);
    let rejected = 0;
    let guarantee = 0;
    for (let draw = 0; draw < draws; draw++) {
      const limit = limitOf(scores(n, from), rate);
      guarantee = limit.guaranteedFalseRejects;
      rejected += scores(perDraw, from).filter((score) => score >= limit.reject).length;
    }
    // Four standard errors. The images of a draw share a limit, so they count only partly as independent.
    const error = 4 * Math.sqrt((guarantee * (1 - guarantee)) / draws);
    const observed = rejected / (draws * perDraw);
    expect(observed).toBeLessThanOrEqual(guarantee + error);
    // Without ties, the guarantee is the rate itself, not only its upper limit.
    if (['uniform', 'normal', 'log-normal', 'Cauchy'].includes(name))
      expect(observed).toBeGreaterThanOrEqual(guarantee - error);
  });

  it('equals the count of omitted images over every set of n + 1', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 8 }), { minLength: 2, maxLength: 14 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (all, rate) => {
          fc.pre(rate === 0 || all.length - 1 >= imagesForRate(rate));
          const limits = all.map((_, out) =>
            limitOf(
              all.filter((_, at) => at !== out),
              rate,
            ),
          );
          const rejected = all.filter((score, out) => score >= limits[out].reject).length;
          expect(rejected / all.length).toBeLessThanOrEqual(limits[0].guaranteedFalseRejects + 1e-12);
        },
      ),
    );
  });

  it('guarantees at most the requested rate, and uses the lowest such limit', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 300 }), fc.integer({ min: 1, max: 1000 }), (n, perMille) => {
        const rate = perMille / 1000;
        const limit = conformalLimit(
          Array.from({ length: n }, (_, at) => at),
          rate,
        );
        expect(limit === null).toBe(n < imagesForRate(rate));
        if (!limit) return;
        expect(limit.guaranteedFalseRejects).toBeLessThanOrEqual(Math.max(rate, 1 / (n + 1)) + 1e-12);
        if (limit.rank > 1) expect((n + 2 - limit.rank) / (n + 1)).toBeGreaterThan(rate - 1e-12);
      }),
    );
  });

  it('rejects no calibration image at rate 0', () => {
    fc.assert(
      fc.property(
        fc.array(fc.float({ noNaN: true, noDefaultInfinity: true, max: Math.fround(3e38) }), {
          minLength: 1,
        }),
        (good) => {
          const { reject, guaranteedFalseRejects } = limitOf(good, 0);
          expect(Math.max(...good)).toBeLessThan(reject);
          expect(guaranteedFalseRejects).toBe(lowestGuarantee(good.length));
        },
      ),
    );
  });

  it.each([
    [0.1, 9],
    [0.091, 10],
    [0.05, 19],
    [0.048, 20],
    [0.01, 99],
    [1 / 3, 2],
    [1, 1],
  ])('needs, for a rate of %d, %i images', (rate, images) => {
    expect(imagesForRate(rate)).toBe(images);
    expect(conformalLimit(Array(images).fill(1), rate)).not.toBeNull();
    if (images > 1) expect(conformalLimit(Array(images - 1).fill(1), rate)).toBeNull();
  });

  it('has no limit without images', () => {
    expect(conformalLimit([], 0)).toBeNull();
    expect(conformalLimit([], 1)).toBeNull();
  });
});

describe('the next float32', () => {
  it('is the smallest one above', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, min: -1e38, max: 1e38 }), (number) => {
        const next = nextFloat32(number);
        expect(next).toBe(Math.fround(next));
        expect(next).toBeGreaterThan(number);
        const between = Math.fround((number + next) / 2);
        expect(between <= number || between >= next).toBe(true);
      }),
    );
  });

  it.each([
    [0, 2 ** -149],
    [-0, 2 ** -149],
    [1, 1 + 2 ** -23],
    [-1, -1 + 2 ** -24],
    [0.1, Math.fround(0.1)],
  ])('after %d is %d', (number, next) => expect(nextFloat32(number)).toBe(next));
});
