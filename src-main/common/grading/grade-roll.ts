import type { GradingRule, RollGrade } from '../api/grading.ts';
import { gradeByPoints } from './grade-by-points.ts';
import { gradeByUsableShare } from './grade-by-usable-share.ts';
import type { GradedDefect, GradedRoll } from './types.ts';

/**
 * The grade of a roll by a rule (docs/grading.md).
 *
 * @param defects in millimeters, in any order; the result has them in the same order
 */
export function gradeRoll(rule: GradingRule, roll: GradedRoll, defects: readonly GradedDefect[]): RollGrade {
  return rule.system === 'points'
    ? gradeByPoints(rule, roll, defects)
    : gradeByUsableShare(rule, roll, defects);
}
