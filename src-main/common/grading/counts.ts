import type { CountedDefects } from '../api/grading.ts';
import { exceeds, millimeters, reaches, squareMillimeters } from './lengths.ts';
import { longestSide } from './sides.ts';
import type { GradedDefect, GradedRoll } from './types.ts';

/** Why a rule does not count a defect, as a sentence; null if it counts. */
export function whyNotCounted(counts: CountedDefects, defect: GradedDefect, roll: GradedRoll): string | null {
  if (!counts.verdicts.includes(defect.verdict ?? 'unjudged')) {
    return `Not counted: ${defect.verdict === null ? 'no verdict' : `the verdict is ${defect.verdict}`}.`;
  }
  if (counts.onlyKinds && !isOfKind(defect, counts.onlyKinds)) {
    return `Not counted: only ${counts.onlyKinds.join(', ')} count.`;
  }
  if (isOfKind(defect, counts.exceptKinds)) return `Not counted: ${defect.kind} does not count.`;
  if (counts.leastLength !== null && !reaches(longestSide(defect), millimeters(counts.leastLength))) {
    return `Not counted: shorter than ${counts.leastLength}.`;
  }
  if (counts.leastArea !== null && !reaches(defect.area, squareMillimeters(counts.leastArea))) {
    return `Not counted: smaller than ${counts.leastArea.replace(/2$/, '²')}.`;
  }
  if (counts.edge !== null && isInEdge(defect, roll, millimeters(counts.edge))) {
    return `Not counted: within ${counts.edge} of the edge.`;
  }
  return null;
}

/** Whether a defect is of one of these kinds, in any case. */
export function isOfKind(defect: GradedDefect, kinds: readonly string[]): boolean {
  const kind = defect.kind.trim().toLowerCase();
  return kinds.some((name) => name.toLowerCase() === kind);
}

/** Whether a defect lies wholly within `edge` millimeters of a side of the roll. */
function isInEdge(defect: GradedDefect, roll: GradedRoll, edge: number): boolean {
  return !exceeds(defect.right, edge) || !exceeds(roll.width - defect.left, edge);
}
