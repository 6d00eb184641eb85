import type { CutProposal, PointsRule, RollGrade, RollStretch } from '../api/grading.ts';
import { proposeCuts } from './cut-proposals.ts';
import { type PlacedDefect, pointsOfDefect } from './defect-points.ts';
import { exceeds, millimeters, unitLength } from './lengths.ts';
import { gradeOfPoints } from './points-grade.ts';
import { rejectReasons } from './reject-reasons.ts';
import { sumStretches } from './stretches.ts';
import type { GradedDefect, GradedRoll } from './types.ts';

/** Grades a roll by the points of its defects. */
export function gradeByPoints(
  rule: PointsRule,
  roll: GradedRoll,
  defects: readonly GradedDefect[],
): RollGrade {
  const placed = defects.map((defect) => pointsOfDefect(rule, defect, roll));
  const stretches = sumStretches(
    placed.map(({ defect, places }) => ({ defect: defect.id, places })),
    roll.length,
    unitLength(rule.unit),
    capAt(rule, roll.width),
  );
  const penalized = placed.filter(({ result }) => result.counted && result.points > 0);
  const rejects = rejectReasons(
    rule.rejects,
    penalized.map(({ defect }) => defect),
    roll,
    rule.unit,
  );
  const totalPoints = sumOf(stretches);
  const { reason, ...graded } = gradeOfPoints(rule, totalPoints, roll.length, roll);
  const { value, unit, limit } = graded;
  const cuts = proposeCuts(rule, stretches);
  return {
    rule: rule.name,
    title: rule.title,
    defects: placed.map(({ result }) => result),
    stretches,
    totalPoints,
    figure: { value, unit, limit },
    grade: rejects.length > 0 ? rule.otherwise : graded.grade,
    pass: rejects.length === 0 && graded.pass,
    reasons: [reason, ...rejects],
    cuts,
    afterCuts: cuts.length > 0 ? gradeAfterCuts(rule, roll, stretches, penalized, cuts) : null,
  };
}

/** The highest number of points of a stretch on a roll of this width. */
export function capAt(rule: PointsRule, width: number): number {
  if (rule.capWidth === null) return rule.cap;
  const normal = millimeters(rule.capWidth);
  return exceeds(width, normal) ? Math.floor((rule.cap * width) / normal + 1e-9) : rule.cap;
}

function sumOf(stretches: readonly RollStretch[]): number {
  return stretches.reduce((sum, { points }) => sum + points, 0);
}

/** Grades what is left when all proposals are cut out. */
function gradeAfterCuts(
  rule: PointsRule,
  roll: GradedRoll,
  stretches: readonly RollStretch[],
  placed: readonly PlacedDefect[],
  cuts: readonly CutProposal[],
): RollGrade['afterCuts'] {
  const isCut = (place: number) => cuts.some(({ from, to }) => place >= from && place < to);
  const points = sumOf(stretches.filter(({ from }) => !isCut(from)));
  const length = roll.length - cuts.reduce((sum, { from, to }) => sum + (to - from), 0);
  if (length <= 0) return null;
  const left = placed.flatMap(({ defect }) => partsOutside(defect, cuts));
  const rejects = rejectReasons(rule.rejects, left, { ...roll, length }, rule.unit);
  const { value, grade, pass } = gradeOfPoints(rule, points, length, roll);
  return {
    length,
    points,
    value,
    grade: rejects.length > 0 ? rule.otherwise : grade,
    pass: rejects.length === 0 && pass,
  };
}

/** The parts of a defect that no cut removes. */
function partsOutside(defect: GradedDefect, cuts: readonly CutProposal[]): GradedDefect[] {
  let parts = [{ from: defect.from, to: defect.to }];
  for (const cut of cuts) {
    parts = parts
      .flatMap(({ from, to }) => [
        { from, to: Math.min(to, cut.from) },
        { from: Math.max(from, cut.to), to },
      ])
      .filter(({ from, to }) => to > from);
  }
  return parts.map((part) => ({ ...defect, ...part }));
}
