import type { PointsRule } from '../api/grading.ts';
import { exceeds, figure, millimeters, unitLength } from './lengths.ts';
import type { GradedRoll } from './types.ts';

/** Rounding of the points per area, which must not turn a roll at its limit into one above it. */
const ROUNDING = 1e-9;

/** What the limits of a rule hold for, its value, and the grade of it. */
export interface PointsGrade {
  value: number;
  unit: string;
  /** Of the last grade that passes. */
  limit: number | null;
  grade: string;
  pass: boolean;
  /** The value and its limit as a sentence. */
  reason: string;
}

/**
 * The grade of a length of a roll by its points.
 *
 * @param length in millimeters
 */
export function gradeOfPoints(
  rule: PointsRule,
  points: number,
  length: number,
  roll: GradedRoll,
): PointsGrade {
  const value = pointsValue(rule, points, length, roll);
  const unit = rule.basis === 'length' ? `points per 100 ${rule.unit}` : areaUnits[rule.unit];
  const factor =
    rule.wideRoll && exceeds(roll.width, millimeters(rule.wideRoll.over)) ? rule.wideRoll.factor : 1;
  const grades = rule.grades.map((grade) => ({ ...grade, upTo: grade.upTo * factor }));
  const reached = grades.find(({ upTo }) => value <= upTo * (1 + ROUNDING));
  const limit = grades.findLast(({ passes }) => passes)?.upTo ?? null;
  return {
    value,
    unit,
    limit,
    grade: reached?.grade ?? rule.otherwise,
    pass: reached?.passes ?? false,
    reason: `${valueText(value, limit)} ${unit}, ${limit === null ? 'which no grade passes' : `limit ${figure(limit)}`}.`,
  };
}

const areaUnits = { yd: 'points per 100 sq yd', m: 'points per 100 m²' } as const;

function pointsValue(rule: PointsRule, points: number, length: number, roll: GradedRoll): number {
  if (points === 0) return 0;
  const unit = unitLength(rule.unit);
  if (rule.basis === 'length') return (points * 100) / (length / unit);
  return (points * 100) / ((length / unit) * (gradedWidth(rule, roll) / unit));
}

/** The width of the area that the points are related to, in millimeters. */
function gradedWidth(rule: PointsRule, roll: GradedRoll): number {
  const { edge } = rule.counts;
  return rule.areaWidth === 'inside-edges' && edge !== null ? roll.width - 2 * millimeters(edge) : roll.width;
}

/** A value with as many decimals as it needs to differ from its limit. */
function valueText(value: number, limit: number | null): string {
  for (let decimals = 2; decimals < 9; decimals++) {
    const text = String(Number(value.toFixed(decimals)));
    if (limit === null || value <= limit * (1 + ROUNDING) || Number(text) > limit) return text;
  }
  return String(value);
}
