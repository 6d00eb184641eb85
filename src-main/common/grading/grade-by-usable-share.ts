import type { RollGrade, UsableShareRule } from '../api/grading.ts';
import { whyNotCounted } from './counts.ts';
import { figure, millimeters } from './lengths.ts';
import { kindReason } from './reject-reasons.ts';
import type { GradedDefect, GradedRoll } from './types.ts';
import { type Box, unionArea } from './usable-area.ts';

/** Rounding of the share, which must not take a hide at a limit below it. */
const ROUNDING = 1e-9;

/** Grades a hide by the share of its area that no counted defect takes. */
export function gradeByUsableShare(
  rule: UsableShareRule,
  roll: GradedRoll,
  defects: readonly GradedDefect[],
): RollGrade {
  const reasons = defects.map((defect) => notUsed(rule, defect, roll));
  const taking = defects.filter((_, index) => reasons[index] === null);
  const area = roll.area ?? roll.length * roll.width;
  const taken = Math.min(area, takenArea(rule, taking, roll));
  const value = 100 * (1 - taken / area);
  const reached = rule.grades.find(({ from }) => value >= from - ROUNDING);
  const limit = rule.grades.findLast(({ passes }) => passes)?.from ?? null;
  const kind = kindReason(rule.rejects.kinds, taking);
  return {
    rule: rule.name,
    title: rule.title,
    defects: defects.map((defect, index) => ({
      defect: defect.id,
      points: 0,
      byRule: 0,
      counted: reasons[index] === null,
      corrected: defect.corrected !== null,
      why:
        reasons[index] ?? `It takes ${figure((100 * takenArea(rule, [defect], roll)) / area)} % of the area.`,
    })),
    stretches: [],
    totalPoints: 0,
    figure: { value, unit: '% usable', limit },
    grade: kind === null && reached ? reached.grade : rule.otherwise,
    pass: kind === null && (reached?.passes ?? false),
    reasons: [
      `${figure(value)} % of the area is usable${limit === null ? '' : `, limit ${figure(limit)} %`}.`,
      ...(kind === null ? [] : [kind]),
    ],
    cuts: [],
    afterCuts: null,
  };
}

/** Why a defect takes no area: the rule does not count it, or a person set its points to 0. Null if it takes area. */
function notUsed(rule: UsableShareRule, defect: GradedDefect, roll: GradedRoll): string | null {
  const { corrected } = defect;
  if (!corrected) return whyNotCounted(rule.counts, defect, roll);
  return corrected.points === 0 ? `Not counted, corrected to 0: ${corrected.reason}` : null;
}

function takenArea(rule: UsableShareRule, defects: readonly GradedDefect[], roll: GradedRoll): number {
  if (rule.takes === 'region') return defects.reduce((sum, { area }) => sum + area, 0);
  const margin = rule.margin === null ? 0 : millimeters(rule.margin);
  return unionArea(defects.map((defect) => widened(defect, margin, roll)));
}

/** The box of a defect with a margin, inside the roll. */
function widened(defect: GradedDefect, margin: number, roll: GradedRoll): Box {
  return {
    from: Math.max(0, defect.from - margin),
    to: Math.min(roll.length, defect.to + margin),
    left: Math.max(0, defect.left - margin),
    right: Math.min(roll.width, defect.right + margin),
  };
}
