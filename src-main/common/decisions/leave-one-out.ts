import type { CalibrationRule, CalibrationSource, RegionLimits, ScoredImage } from '../api/recipes.ts';
import { applyRule } from './calibration-rules.ts';
import { decide } from './decide.ts';
import type { DecidedImage } from './confusion.ts';
import { calibrates, knownScores } from './known-scores.ts';

/**
 * Decides each calibration image by the thresholds of the others, because its own score would favor it. The
 * resulting rates are those to expect on new images; decisions by the final thresholds are too optimistic.
 * Region limits count the regions at the recipe's review threshold.
 *
 * @returns the images that calibrate; `decision` is null if the other images are too few for the rule
 */
export function leaveOneOut(
  images: readonly ScoredImage[],
  rule: CalibrationRule,
  source: CalibrationSource,
  regionLimits: RegionLimits,
): DecidedImage[] {
  const known = knownScores(images, source);
  const outcomes = new Map<string, ReturnType<typeof applyRule>>();
  return images
    .filter((image) => calibrates(image, source))
    .filter(({ label }) => label === 'good' || rule.type !== 'false-rejects')
    .map(({ image, score, regions, label }) => {
      const key = `${label} ${score}`;
      const outcome =
        outcomes.get(key) ??
        applyRule(rule, {
          good: label === 'good' ? without(known.good, score) : known.good,
          defective: label === 'defective' ? without(known.defective, score) : known.defective,
        });
      outcomes.set(key, outcome);
      if (!outcome.ok) return { image, label, decision: null };
      const { decision } = decide({ score, regions }, { thresholds: outcome.thresholds, regionLimits });
      return { image, label, decision };
    });
}

function without(scores: readonly number[], score: number): number[] {
  const left = [...scores];
  left.splice(left.indexOf(score), 1);
  return left;
}
