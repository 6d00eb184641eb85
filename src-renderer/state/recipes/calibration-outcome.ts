import type {
  CalibrationLabel,
  CalibrationRule,
  CalibrationSource,
  DecisionThresholds,
  ImageDecision,
  RecipeDefinition,
  ScoredImage,
} from '../../../src-main/common/api/recipes.ts';
import { applyRule, type RuleOutcome } from '../../../src-main/common/decisions/calibration-rules.ts';
import {
  confusionTable,
  decisionRates,
  type ConfusionTable,
  type DecisionRates,
} from '../../../src-main/common/decisions/confusion.ts';
import { decide } from '../../../src-main/common/decisions/decide.ts';
import {
  calibrates,
  knownScores,
  type KnownScores,
} from '../../../src-main/common/decisions/known-scores.ts';
import { leaveOneOut } from '../../../src-main/common/decisions/leave-one-out.ts';
import { voidsGuarantee } from '../../../src-main/common/decisions/voids-guarantee.ts';

/** Leave-one-out applies the rule once per image. */
export const MAX_LEFT_OUT = 1000;

/** An image with its decision by a draft. */
export interface DraftDecision extends Pick<ImageDecision, 'image' | 'score' | 'decision' | 'reason'> {
  label: CalibrationLabel;
}

/** The effect of a recipe's draft on the scored images of a class. */
export interface CalibrationOutcome {
  /** The draft's thresholds, or those of the chosen rule; null if not calibrated. */
  thresholds: DecisionThresholds | null;
  /** The result of the chosen rule; undefined if no rule is chosen. */
  rule: RuleOutcome | undefined;
  images: readonly DraftDecision[];
  table: ConfusionTable;
  /** Rates to expect; null if not calibrated. */
  rates: DecisionRates | null;
  /** Number of images that are decided by the thresholds of the others in `rates`. */
  leftOut: number;
  /** Number of labeled images that can calibrate. */
  known: { good: number; defective: number };
  /** Number of images on which no region can have the required size. */
  withoutScore: number;
}

/**
 * @param definition with the thresholds of the draft, if it has any
 * @param chosen the rule that proposes thresholds
 */
export function calibrationOutcome(
  images: readonly ScoredImage[],
  definition: RecipeDefinition,
  chosen: { rule: CalibrationRule; source: CalibrationSource } | undefined,
  source: CalibrationSource,
): CalibrationOutcome {
  const known = knownScores(images, source);
  const rule = chosen && ruleOutcome(chosen.rule, known, definition);
  const thresholds = rule ? (rule.ok ? rule.thresholds : null) : definition.thresholds;
  const decided = decideAll(images, { ...definition, thresholds });
  const applied = chosen ?? definition.calibration;
  const left = thresholds && applied ? leftOut(images, applied, definition) : [];
  return {
    thresholds,
    rule,
    images: decided,
    table: confusionTable(decided),
    rates: thresholds && ratesOf(decided, left),
    leftOut: left.length,
    known: { good: known.good.length, defective: known.defective.length },
    withoutScore: images.filter(({ score }) => score === null).length,
  };
}

function ruleOutcome(
  rule: CalibrationRule,
  known: KnownScores,
  { regionLimits }: RecipeDefinition,
): RuleOutcome {
  const outcome = applyRule(rule, known);
  if (!outcome.ok || !voidsGuarantee(regionLimits, outcome.thresholds)) return outcome;
  return { ...outcome, guaranteedFalseRejects: null };
}

function decideAll(images: readonly ScoredImage[], definition: RecipeDefinition): DraftDecision[] {
  const { maxCount, maxTotalArea } = definition.regionLimits;
  const limited = maxCount !== null || maxTotalArea !== null;
  return images.map((image) => {
    const { image: id, score, label, regions } = image;
    // Regions arrive with the scores of the next request.
    const unmeasured = limited && score !== null && regions === undefined;
    const limits = unmeasured ? { maxCount: null, maxTotalArea: null } : definition.regionLimits;
    return { image: id, score, label, ...decide(image, { ...definition, regionLimits: limits }) };
  });
}

function leftOut(
  images: readonly ScoredImage[],
  { rule, source }: { rule: CalibrationRule; source: CalibrationSource },
  { regionLimits }: RecipeDefinition,
) {
  const calibrating = images.filter((image) => calibrates(image, source));
  const limited = regionLimits.maxCount !== null || regionLimits.maxTotalArea !== null;
  if (rule.type === 'manual' || calibrating.length > MAX_LEFT_OUT) return [];
  if (limited && calibrating.some(({ regions }) => !regions)) return [];
  return leaveOneOut(calibrating, rule, source, regionLimits);
}

/** Rates in which calibration images are decided by the thresholds of the others. */
function ratesOf(decided: readonly DraftDecision[], left: ReturnType<typeof leaveOneOut>): DecisionRates {
  const without = new Map(left.map((each) => [each.image, each]));
  return decisionRates(confusionTable(decided.map((each) => without.get(each.image) ?? each)));
}
