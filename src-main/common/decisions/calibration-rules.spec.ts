import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CalibrationRule } from '../api/recipes.ts';
import { calibrationProblemText, guaranteeText, percentText } from './calibration-problem.ts';
import { applyRule } from './calibration-rules.ts';
import { decide } from './decide.ts';
import type { KnownScores } from './known-scores.ts';
import { leastCostThresholds } from './least-cost.ts';

/** Few values, so that scores tie and overlap. */
const score = fc.integer({ min: 0, max: 12 }).map((value) => Math.fround(value / 10));
const known = fc.record({
  good: fc.array(score, { minLength: 1, maxLength: 12 }),
  defective: fc.array(score, { minLength: 1, maxLength: 12 }),
});

function succeed(rule: CalibrationRule, scores: KnownScores) {
  const outcome = applyRule(rule, scores);
  if (!outcome.ok) throw new Error(calibrationProblemText(outcome.problem));
  return outcome;
}

function counts(scores: readonly number[], thresholds: { review: number; reject: number }) {
  const decisions = scores.map(
    (each) =>
      decide({ score: each }, { thresholds, regionLimits: { maxCount: null, maxTotalArea: null } }).decision,
  );
  const count = (wanted: string) => decisions.filter((decision) => decision === wanted).length;
  return { pass: count('pass'), review: count('review'), reject: count('reject') };
}

describe('the rule for false rejects', () => {
  it('uses only the good images, and sets a single limit', () => {
    const good = Array.from({ length: 20 }, (_, at) => Math.fround(at / 100));
    const { thresholds, guaranteedFalseRejects } = succeed(
      { type: 'false-rejects', rate: 0.1 },
      { good, defective: [] },
    );
    expect(thresholds.review).toBe(thresholds.reject);
    expect(guaranteedFalseRejects).toBeCloseTo(2 / 21, 12);
    expect(counts(good, thresholds)).toEqual({ pass: 19, review: 0, reject: 1 });
  });

  it('says how many good images a rate needs', () => {
    const outcome = applyRule({ type: 'false-rejects', rate: 0.02 }, { good: [1, 2, 3], defective: [] });
    expect(outcome).toEqual({
      ok: false,
      problem: { type: 'too-few-good', good: 3, rate: 0.02, needed: 49 },
    });
    if (outcome.ok) return;
    expect(calibrationProblemText(outcome.problem)).toBe(
      '3 good images cannot guarantee at most 2 % false rejects; 49 are needed. ' +
        'The lowest rate that 3 good images can guarantee is 25 %.',
    );
  });
});

describe('the rule against escapes', () => {
  it('passes no known defective image and rejects no known good one', () => {
    fc.assert(
      fc.property(known, (scores) => {
        const { thresholds, guaranteedFalseRejects, guaranteedEscapes } = succeed(
          { type: 'no-escape' },
          scores,
        );
        expect(counts(scores.defective, thresholds).pass).toBe(0);
        expect(counts(scores.good, thresholds).reject).toBe(0);
        expect(thresholds.review).toBe(Math.min(...scores.defective));
        expect(guaranteedFalseRejects).toBe(1 / (scores.good.length + 1));
        expect(guaranteedEscapes).toBe(1 / (scores.defective.length + 1));
      }),
    );
  });

  it('needs no good image, and then guarantees nothing about good images', () => {
    const { thresholds, guaranteedFalseRejects } = succeed(
      { type: 'no-escape' },
      { good: [], defective: [0.5, 0.25] },
    );
    expect(thresholds).toEqual({ review: 0.25, reject: 0.25 });
    expect(guaranteedFalseRejects).toBeNull();
  });
});

describe('the rule for reviews', () => {
  it('passes no known defective image and reviews at most the rate', () => {
    fc.assert(
      fc.property(known, fc.double({ min: 0, max: 1, noNaN: true }), (scores, rate) => {
        const { thresholds, sacrificed, guaranteedFalseRejects } = succeed({ type: 'review', rate }, scores);
        const [good, defective] = [counts(scores.good, thresholds), counts(scores.defective, thresholds)];
        const total = scores.good.length + scores.defective.length;
        expect(thresholds.review).toBeLessThanOrEqual(thresholds.reject);
        expect(defective.pass).toBe(0);
        expect((good.review + defective.review) / total).toBeLessThanOrEqual(rate + 1e-9);
        expect(good.reject).toBe(sacrificed);
        if (sacrificed > 0) expect(guaranteedFalseRejects).toBeNull();
      }),
    );
  });

  it('rejects no known good image if the rate allows it', () => {
    fc.assert(
      fc.property(known, (scores) => {
        const { thresholds, sacrificed } = succeed({ type: 'review', rate: 1 }, scores);
        expect(sacrificed).toBe(0);
        expect(counts(scores.good, thresholds).reject).toBe(0);
      }),
    );
  });

  it('reviews the scores between good and defective images, where no image is labeled', () => {
    const { thresholds } = succeed({ type: 'review', rate: 0 }, { good: [0.25, 0.5], defective: [1, 2] });
    expect(counts([0.5, 0.75, 1], thresholds)).toEqual({ pass: 1, review: 1, reject: 1 });
  });
});

describe('the rule of least cost', () => {
  const costs = fc.record({
    escape: fc.integer({ min: 0, max: 100 }),
    falseReject: fc.integer({ min: 0, max: 20 }),
    review: fc.integer({ min: 0, max: 5 }),
    defectRate: fc.constantFrom(0, 0.01, 0.1, 0.5, 1),
  });
  type Costs = typeof costs extends fc.Arbitrary<infer T> ? T : never;

  function expectedCost(scores: KnownScores, each: Costs, thresholds: { review: number; reject: number }) {
    const [good, defective] = [counts(scores.good, thresholds), counts(scores.defective, thresholds)];
    return (
      ((1 - each.defectRate) * (good.reject * each.falseReject + good.review * each.review)) /
        scores.good.length +
      (each.defectRate * (defective.pass * each.escape + defective.review * each.review)) /
        scores.defective.length
    );
  }

  it('costs what it reports, and no more than any other pair of thresholds', () => {
    fc.assert(
      fc.property(known, costs, (scores, each) => {
        const { thresholds, cost } = leastCostThresholds(scores, each);
        expect(expectedCost(scores, each, thresholds)).toBeCloseTo(cost, 9);
        const candidates = Array.from({ length: 15 }, (_, at) => (at - 1) / 10 + 0.05);
        for (const review of candidates)
          for (const reject of candidates)
            if (review <= reject)
              expect(cost).toBeLessThanOrEqual(expectedCost(scores, each, { review, reject }) + 1e-9);
      }),
    );
  });

  it('places the threshold in the middle between separable scores', () => {
    const scores = { good: [1, 2], defective: [4, 5] };
    const { thresholds, cost } = leastCostThresholds(scores, {
      escape: 100,
      falseReject: 10,
      review: 1,
      defectRate: 0.1,
    });
    expect({ thresholds, cost }).toEqual({ thresholds: { review: 3, reject: 3 }, cost: 0 });
  });

  it('needs images of each label that occurs', () => {
    const rule = { type: 'cost', escape: 9, falseReject: 3, review: 1 } as const;
    const good = { good: [1], defective: [] };
    expect(applyRule({ ...rule, defectRate: 0.1 }, good)).toEqual({
      ok: false,
      problem: { type: 'none-known', label: 'defective' },
    });
    expect(applyRule({ ...rule, defectRate: 0 }, good).ok).toBe(true);
  });
});

describe('every rule', () => {
  it('sets thresholds that are float32 values, like scores, with T1 at most T2', () => {
    const rules: CalibrationRule[] = [
      { type: 'false-rejects', rate: 0 },
      { type: 'no-escape' },
      { type: 'review', rate: 0.1 },
      { type: 'cost', escape: 50, falseReject: 5, review: 1, defectRate: 0.05 },
    ];
    fc.assert(
      fc.property(known, fc.constantFrom(...rules), (scores, rule) => {
        const { review, reject } = succeed(rule, scores).thresholds;
        expect([review, reject]).toEqual([Math.fround(review), Math.fround(reject)]);
        expect(review).toBeLessThanOrEqual(reject);
      }),
    );
  });
});

describe('the text of a guarantee', () => {
  it('names the rate and the images', () => {
    expect(guaranteeText(1 / 11, 10)).toBe('at most 9.1 % false rejects, guaranteed by 10 good images');
    expect(guaranteeText(1 / 2, 1)).toBe('at most 50 % false rejects, guaranteed by 1 good image');
  });

  it.each([
    [0, '0 %'],
    [1, '100 %'],
    [0.125, '12.5 %'],
    [1 / 401, '0.25 %'],
    [0.00012, '0.012 %'],
  ])('%d is %s', (fraction, text) => expect(percentText(fraction)).toBe(text));
});
