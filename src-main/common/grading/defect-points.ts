import type { DefectPoints, PointsRule } from '../api/grading.ts';
import { whyNotCounted } from './counts.ts';
import { pointsByLength } from './length-points.ts';
import { exceeds, figure, millimeters, unitLength } from './lengths.ts';
import { lengthAlong } from './sides.ts';
import { fillStretches, type PlacedPoints, stretchAt, stretchCount, stretchesOver } from './stretches.ts';
import type { GradedDefect, GradedRoll } from './types.ts';

/** A defect's points and the stretches that they fall in. */
export interface PlacedDefect {
  defect: GradedDefect;
  result: DefectPoints;
  places: PlacedPoints[];
}

/** Gives a defect its points: those of its correction, otherwise those of the rule. */
export function pointsOfDefect(rule: PointsRule, defect: GradedDefect, roll: GradedRoll): PlacedDefect {
  const byRule = placedByRule(rule, defect, roll);
  const ruleTotal = byRule.points * byRule.stretches.length;
  const { corrected } = defect;
  const points = corrected ? corrected.points : ruleTotal;
  return {
    defect,
    result: {
      defect: defect.id,
      points,
      byRule: ruleTotal,
      counted: byRule.counted || (corrected !== null && corrected.points > 0),
      corrected: corrected !== null,
      why: corrected
        ? `Corrected from ${figure(ruleTotal)} to ${figure(points)}: ${corrected.reason}`
        : byRule.why,
    },
    places: fillStretches(byRule.stretches, byRule.points, points),
  };
}

interface ByRule {
  counted: boolean;
  /** In each of `stretches`. */
  points: number;
  stretches: number[];
  why: string;
}

function placedByRule(rule: PointsRule, defect: GradedDefect, roll: GradedRoll): ByRule {
  const unit = unitLength(rule.unit);
  const count = stretchCount(roll.length, unit);
  const start = [stretchAt(defect.from, unit, count)];
  const notCounted = whyNotCounted(rule.counts, defect, roll);
  if (notCounted !== null) return { counted: false, points: 0, stretches: start, why: notCounted };
  const { points, why } = pointsByLength(rule, defect, roll);
  const running = runningStretches(rule, defect, unit, count);
  if (running.length < 2) return { counted: true, points, stretches: [running[0] ?? start[0]], why };
  return {
    counted: true,
    points,
    stretches: running,
    why: `${why.slice(0, -1)}; a running defect, ${points} in each of ${running.length} ${rule.unit}.`,
  };
}

/** The stretches in which a defect has points because it runs along the roll; none if it is too short for that. */
function runningStretches(
  { running }: PointsRule,
  defect: GradedDefect,
  unit: number,
  count: number,
): number[] {
  if (!running || !exceeds(lengthAlong(defect), millimeters(running.over))) return [];
  return stretchesOver(defect, millimeters(running.part), unit, count);
}
