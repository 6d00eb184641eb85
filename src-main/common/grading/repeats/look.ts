import type { RepeatingCandidate } from './types.ts';

/** Largest ratio of lengths, widths and square roots of areas of defects of the same look. */
const RATIO = 2;

/** Whether two defects are of the same kind, if it is known, and about as long, wide and large. */
export function looksAlike(a: RepeatingCandidate, b: RepeatingCandidate, tolerance: number): boolean {
  return (
    (a.kind === '' || b.kind === '' || a.kind.toLowerCase() === b.kind.toLowerCase()) &&
    isAlike(a.length, b.length, tolerance) &&
    isAlike(a.width, b.width, tolerance) &&
    isAlike(Math.sqrt(a.area), Math.sqrt(b.area), tolerance)
  );
}

function isAlike(a: number, b: number, tolerance: number): boolean {
  return Math.max(a, b) <= RATIO * Math.min(a, b) + tolerance;
}
