import type { PointClass, PointsRule } from '../api/grading.ts';
import { isOfKind } from './counts.ts';
import { exceeds, lengthText, millimeters, reaches } from './lengths.ts';
import { lengthAlong, longestSide, widthAcross } from './sides.ts';
import type { GradedDefect, GradedRoll } from './types.ts';

/** A defect's points by its length, and why. */
export interface LengthPoints {
  points: number;
  why: string;
}

/** The points of the first class of a rule that holds for a defect; none without a class. */
export function pointsByLength(rule: PointsRule, defect: GradedDefect, roll: GradedRoll): LengthPoints {
  const pointClass = rule.classes.find((candidate) => holdsFor(candidate, defect));
  const length = longestSide(defect);
  const text = lengthText(length, rule.unit);
  if (!pointClass) return { points: 0, why: `No class of the rule holds for it (${text}).` };
  const subject = pointClass.kinds && defect.kind !== '' ? `${defect.kind}, ${text}` : text;
  const step = pointClass.steps.find(({ upTo }) => !exceeds(length, millimeters(upTo, roll.width)));
  if (step) return { points: step.points, why: `${subject}: up to ${step.upTo}.` };
  const last = pointClass.steps.at(-1);
  return {
    points: pointClass.over,
    why: last ? `${subject}: over ${last.upTo}.` : `${subject}: any length.`,
  };
}

function holdsFor({ kinds, direction }: PointClass, defect: GradedDefect): boolean {
  if (kinds && !isOfKind(defect, kinds)) return false;
  return direction === null || direction === directionOf(defect);
}

/** A defect that is as long as wide runs along the roll. */
function directionOf(defect: GradedDefect): 'along' | 'across' {
  return reaches(lengthAlong(defect), widthAcross(defect)) ? 'along' : 'across';
}
