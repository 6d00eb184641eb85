import type { CalibrationRule, Validation } from '../api/recipes.ts';
import type { CalibrationProblem } from './calibration-problem.ts';
import { applyRule } from './calibration-rules.ts';
import { decide } from './decide.ts';
import type { KnownScores } from './known-scores.ts';

export interface SplitOptions {
  splits: number;
  /** Number of good images that calibrate in each split. */
  calibrating: number;
  /** `count` different indices below `total`, drawn at random. */
  sample: (total: number, count: number) => Iterable<number>;
}

export type SplitOutcome = { ok: true; validation: Validation } | { ok: false; problem: CalibrationProblem };

/**
 * Repeats a calibration on random parts of the labeled images, and decides the others. Rules that use
 * defective images use a random half of them; other rules decide all of them. Region limits are ignored,
 * because their regions depend on the thresholds. Yields each split's number before computing the split, so
 * that the caller can let other work run.
 */
export function* validateBySplits(
  known: KnownScores,
  rule: CalibrationRule,
  { splits, calibrating, sample }: SplitOptions,
): Generator<number, SplitOutcome, void> {
  const halfOfDefective = rule.type === 'false-rejects' ? 0 : Math.ceil(known.defective.length / 2);
  const rates: { falseRejects: number[]; escapes: number[]; review: number[] } = {
    falseRejects: [],
    escapes: [],
    review: [],
  };
  let guaranteedFalseRejects: number | null = null;
  for (let split = 0; split < splits; split++) {
    yield split;
    const good = divide(known.good, sample(known.good.length, calibrating));
    const defective = divide(known.defective, sample(known.defective.length, halfOfDefective));
    const outcome = applyRule(rule, { good: good.drawn, defective: defective.drawn });
    if (!outcome.ok) return outcome;
    ({ guaranteedFalseRejects } = outcome);
    const share = (scores: readonly number[], wanted: string) =>
      scores.filter((score) => decisionOf(score, outcome.thresholds) === wanted).length / scores.length;
    if (good.left.length > 0) rates.falseRejects.push(share(good.left, 'reject'));
    if (defective.left.length > 0) rates.escapes.push(share(defective.left, 'pass'));
    const left = [...good.left, ...defective.left];
    if (left.length > 0) rates.review.push(share(left, 'review'));
  }
  return {
    ok: true,
    validation: {
      splits,
      calibrating,
      guaranteedFalseRejects,
      falseRejects: summary(rates.falseRejects),
      escapes: summary(rates.escapes),
      review: summary(rates.review),
    },
  };
}

function decisionOf(score: number, thresholds: { review: number; reject: number }) {
  return decide({ score }, { thresholds, regionLimits: { maxCount: null, maxTotalArea: null } }).decision;
}

function divide(scores: readonly number[], indices: Iterable<number>) {
  const drawn = new Set(indices);
  return {
    drawn: [...drawn].map((index) => scores[index]),
    left: scores.filter((_, index) => !drawn.has(index)),
  };
}

/** Mean, and the 2.5 % and 97.5 % quantiles by the nearest rank. */
function summary(rates: readonly number[]): Validation['falseRejects'] {
  if (rates.length === 0) return null;
  const sorted = [...rates].sort((a, b) => a - b);
  const quantile = (share: number) => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
  const mean = rates.reduce((sum, rate) => sum + rate, 0) / rates.length;
  return { mean, low: quantile(0.025), high: quantile(0.975) };
}
