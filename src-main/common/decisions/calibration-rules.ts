import type { CalibrationRule, DecisionThresholds } from '../api/recipes.ts';
import type { CalibrationProblem } from './calibration-problem.ts';
import { conformalLimit, imagesForRate, lowestGuarantee } from './conformal-limit.ts';
import { nextFloat32 } from './float32.ts';
import type { KnownScores } from './known-scores.ts';
import { leastCostThresholds } from './least-cost.ts';

/** The result of a rule: thresholds, or why there are none. */
export type RuleOutcome =
  | {
      ok: true;
      thresholds: DecisionThresholds;
      /** Upper limit of the mean false reject rate on new exchangeable good images; null if the rule guarantees none. */
      guaranteedFalseRejects: number | null;
      /** The same limit for escapes of new exchangeable defective images. */
      guaranteedEscapes: number | null;
      /** Number of good images that are rejected so that the review rate stays within its limit. */
      sacrificed: number;
    }
  | { ok: false; problem: CalibrationProblem };

/** Derives thresholds from image scores by a rule. */
export function applyRule(rule: CalibrationRule, known: KnownScores): RuleOutcome {
  switch (rule.type) {
    case 'manual':
      return { ok: false, problem: { type: 'manual' } };
    case 'false-rejects':
      return falseRejects(known.good, rule.rate);
    case 'no-escape':
      return noEscape(known);
    case 'review':
      return limitedReview(known, rule.rate);
    case 'cost':
      return leastCost(known, rule);
  }
}

function falseRejects(good: readonly number[], rate: number): RuleOutcome {
  if (good.length === 0) return missing('good');
  const limit = conformalLimit(good, rate);
  if (!limit)
    return {
      ok: false,
      problem: { type: 'too-few-good', good: good.length, rate, needed: imagesForRate(rate) },
    };
  const { reject, guaranteedFalseRejects } = limit;
  return found({ review: reject, reject }, { guaranteedFalseRejects });
}

/** T1 is the lowest defective score. T2 rejects no known good image. */
function noEscape({ good, defective }: KnownScores): RuleOutcome {
  if (defective.length === 0) return missing('defective');
  const review = lowest(defective);
  const reject = good.length === 0 ? review : Math.max(review, nextFloat32(highest(good)));
  return found({ review, reject }, guarantees({ good, defective }));
}

/**
 * Reviews the scores of both good and defective images, and the scores between the two groups, where no image
 * is labeled. If that exceeds the review rate, T2 decreases, so that inseparable images are rejected rather
 * than passed.
 */
function limitedReview({ good, defective }: KnownScores, rate: number): RuleOutcome {
  if (good.length === 0) return missing('good');
  if (defective.length === 0) return missing('defective');
  const [aboveGood, lowestDefective] = [nextFloat32(highest(good)), lowest(defective)];
  const review = Math.min(aboveGood, lowestDefective);
  const reject = Math.max(aboveGood, lowestDefective);
  const reviewed = Float64Array.from(
    [...good, ...defective].filter((score) => score >= review && score < reject),
  ).sort();
  const allowed = Math.floor((good.length + defective.length) * rate + 1e-9);
  if (reviewed.length <= allowed) return found({ review, reject }, guarantees({ good, defective }));
  const lowered = reviewed[allowed];
  return found(
    { review, reject: lowered },
    {
      guaranteedEscapes: lowestGuarantee(defective.length),
      sacrificed: good.filter((score) => score >= lowered).length,
    },
  );
}

function leastCost(known: KnownScores, rule: CalibrationRule & { type: 'cost' }): RuleOutcome {
  if (known.good.length === 0 && rule.defectRate < 1) return missing('good');
  if (known.defective.length === 0 && rule.defectRate > 0) return missing('defective');
  return found(leastCostThresholds(known, rule).thresholds);
}

/** Guarantees of a T2 above all good scores and a T1 at the lowest defective score. */
function guarantees({ good, defective }: KnownScores) {
  return {
    guaranteedFalseRejects: good.length === 0 ? null : lowestGuarantee(good.length),
    guaranteedEscapes: lowestGuarantee(defective.length),
  };
}

function found(
  thresholds: DecisionThresholds,
  rest: Partial<Omit<RuleOutcome & { ok: true }, 'ok' | 'thresholds'>> = {},
): RuleOutcome {
  return {
    ok: true,
    thresholds,
    guaranteedFalseRejects: null,
    guaranteedEscapes: null,
    sacrificed: 0,
    ...rest,
  };
}

function missing(label: 'good' | 'defective'): RuleOutcome {
  return { ok: false, problem: { type: 'none-known', label } };
}

function lowest(scores: readonly number[]): number {
  return scores.reduce((least, score) => Math.min(least, score), Infinity);
}

function highest(scores: readonly number[]): number {
  return scores.reduce((most, score) => Math.max(most, score), -Infinity);
}
