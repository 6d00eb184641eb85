import type { GradingRule, RollGrade } from '../../common/api/grading.ts';
import type { Assessment, Roll, RollDefect, RollRepeat } from '../../common/api/rolls.ts';
import { gradeRoll } from '../../common/grading/grade-roll.ts';
import type { GradedDefect } from '../../common/grading/types.ts';

/** A defect without what a grade adds. */
export type PlacedDefect = Pick<RollDefect, 'id' | 'box' | 'px' | 'mm' | 'score'>;

/** What the grade and the places of defects depend on. */
export type MeasuredRoll = Pick<Roll, 'direction' | 'scale' | 'lengthPixels' | 'widthPixels'>;

/** What the grade needs to know besides the places of defects. */
export interface Grading {
  rule: GradingRule;
  roll: MeasuredRoll;
  assessments: ReadonlyMap<string, Assessment>;
  repeats: readonly RollRepeat[];
}

/** Grades a roll and adds the points to its defects. A roll without a scale has no grade. */
export function gradeDefects(
  placed: readonly PlacedDefect[],
  { rule, roll, assessments, repeats }: Grading,
): { defects: RollDefect[]; grade: RollGrade | null } {
  const repeatOf = new Map(repeats.flatMap(({ id, defects }) => defects.map((defect) => [defect, id])));
  const assessed = placed.map((defect) => ({
    ...defect,
    assessment: assessments.get(defect.id) ?? null,
    repeat: repeatOf.get(defect.id) ?? null,
  }));
  const { scale } = roll;
  if (!scale) {
    const without = { points: 0, pointsByRule: 0, counted: false, why: 'The roll has no scale.' };
    return { defects: assessed.map((defect) => ({ ...defect, ...without })), grade: null };
  }
  const size = { length: roll.lengthPixels * scale.along, width: roll.widthPixels * scale.across };
  const grade = gradeRoll(
    rule,
    size,
    assessed.map((defect) => inMillimeters(defect, roll)),
  );
  const defects = assessed.map((defect, at) => {
    const { points, byRule, counted, why } = grade.defects[at];
    return { ...defect, points, pointsByRule: byRule, counted, why };
  });
  return { defects, grade };
}

function inMillimeters(
  { id, box, mm, assessment, repeat }: PlacedDefect & Pick<RollDefect, 'assessment' | 'repeat'>,
  { direction, scale }: MeasuredRoll,
): GradedDefect {
  const { along, across } = scale ?? { along: NaN, across: NaN };
  const [from, left] = direction === 'down' ? [box.top, box.left] : [box.left, box.top];
  const [length, width] = direction === 'down' ? [box.height, box.width] : [box.width, box.height];
  const { points = null, reason = '' } = assessment ?? {};
  return {
    id,
    from: from * along,
    to: (from + length) * along,
    left: left * across,
    right: (left + width) * across,
    area: mm?.area ?? NaN,
    kind: assessment?.kind ?? '',
    verdict: assessment?.verdict ?? null,
    repeat,
    corrected: points === null ? null : { points, reason },
  };
}
