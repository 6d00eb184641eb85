import { describe, expect, it } from 'vitest';
import { gaussianPrng, mulberry32, sampleIndices } from '../../methods/prng.ts';
import { type SplitOptions, type SplitOutcome, validateBySplits } from './split-validation.ts';

const options = (splits: number, calibrating: number): SplitOptions => {
  const uniform = mulberry32(7);
  return { splits, calibrating, sample: (total, count) => sampleIndices(total, count, uniform) };
};
const normal = gaussianPrng(1);
const draw = (count: number, mean: number) => Array.from({ length: count }, () => mean + normal());
const rule = { type: 'false-rejects', rate: 0 } as const;

function run(...parameters: Parameters<typeof validateBySplits>): SplitOutcome {
  const validating = validateBySplits(...parameters);
  let step = validating.next();
  while (!step.done) step = validating.next();
  return step.value;
}

function succeed(...parameters: Parameters<typeof validateBySplits>) {
  const outcome = run(...parameters);
  if (!outcome.ok) throw new Error(outcome.problem.type);
  return outcome.validation;
}

describe('validation by splits', () => {
  it('finds the rates of overlapping distributions', () => {
    const known = { good: draw(400, 0), defective: draw(400, 3) };
    const validation = succeed(known, rule, options(200, 200));
    expect(validation).toMatchObject({ splits: 200, calibrating: 200, guaranteedFalseRejects: 1 / 201 });
    expect(validation.falseRejects?.mean).toBeLessThan(3 / 201);
    // The highest of 200 normal scores is at about 2.7, which 0.6 of the defective ones exceed.
    expect(validation.escapes?.mean).toBeGreaterThan(0.25);
    expect(validation.escapes?.mean).toBeLessThan(0.6);
    const { low, mean, high } = validation.escapes ?? { low: 0, mean: 0, high: 0 };
    expect(low).toBeLessThan(mean);
    expect(high).toBeGreaterThan(mean);
    expect(validation.review).toEqual({ mean: 0, low: 0, high: 0 });
  });

  it('has, over all splits, the false reject rate that follows from ranks alone', () => {
    // With distinct scores, the highest of 10 from 20 is exceeded by 1 / 11 of the others on average, whatever the scores are.
    const good = Array.from({ length: 20 }, (_, at) => at ** 3);
    const { falseRejects } = succeed({ good, defective: [] }, rule, options(10_000, 10));
    expect(falseRejects?.mean).toBeCloseTo(1 / 11, 2);
  });

  it('decides only images that did not calibrate', () => {
    const known = { good: [1, 2], defective: [] };
    const { falseRejects, escapes } = succeed(known, rule, options(50, 1));
    // The limit is the other good score: the higher one is rejected in each split that calibrates with the lower one.
    expect([falseRejects?.low, falseRejects?.high]).toEqual([0, 1]);
    expect(escapes).toBeNull();
    expect(succeed(known, rule, options(5, 2)).falseRejects).toBeNull();
  });

  it('holds out defective images from rules that use them', () => {
    // Each defective image has a different score, so the lowest of one half misses a lower one in the other
    // half.
    const known = { good: [0], defective: [10, 11, 12, 13] };
    const { escapes } = succeed(known, { type: 'no-escape' }, options(500, 1));
    expect(escapes?.mean).toBeGreaterThan(0.2);
    expect(escapes?.mean).toBeLessThan(0.4);
  });

  it('returns the reason if a rule yields no thresholds', () => {
    expect(run({ good: [1, 2], defective: [] }, { ...rule, rate: 0.1 }, options(3, 1))).toEqual({
      ok: false,
      problem: { type: 'too-few-good', good: 1, rate: 0.1, needed: 9 },
    });
  });
});
