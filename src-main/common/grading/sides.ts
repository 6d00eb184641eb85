import type { GradedDefect } from './types.ts';

/** A defect's extent along the roll, in millimeters. */
export function lengthAlong(defect: GradedDefect): number {
  return defect.to - defect.from;
}

/** A defect's extent across the roll, in millimeters. */
export function widthAcross(defect: GradedDefect): number {
  return defect.right - defect.left;
}

/** The length that gives a defect its points: the longer side of the box around it, in millimeters. */
export function longestSide(defect: GradedDefect): number {
  return Math.max(lengthAlong(defect), widthAcross(defect));
}
