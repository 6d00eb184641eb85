import type { Inspection } from '../../src-main/api/schemas.ts';
import type { Scale } from '../../src-main/maps/colours.ts';

type Scores = Pick<Inspection, 'min' | 'max' | 'threshold'>;

/** The proposal for a class: the mean of what is proposed for its images. Undefined where none was inspected. */
export function proposedThreshold(inspections: readonly Scores[]): number | undefined {
  if (inspections.length === 0) return undefined;
  return inspections.reduce((sum, { threshold }) => sum + threshold, 0) / inspections.length;
}

/**
 * One scale for all images of a class, so that they can be compared by eye: from the smallest to the largest score, the
 * high end at least each of `within` (the thresholds, lest a spotless class looks full of defects).
 */
export function classScale(inspections: readonly Scores[], within: readonly (number | undefined)[]): Scale {
  let low = Infinity;
  let high = -Infinity;
  for (const { min, max } of inspections) {
    low = Math.min(low, min);
    high = Math.max(high, max);
  }
  for (const threshold of within) high = Math.max(high, threshold ?? high);
  return low < high
    ? { low, high }
    : { low: Number.isFinite(low) ? low : 0, high: Number.isFinite(low) ? low + 1 : 1 };
}

/** Where a score lies on a scale, 0 to 1. */
export function fractionOn(score: number, { low, high }: Scale): number {
  return high > low ? Math.min(Math.max((score - low) / (high - low), 0), 1) : 0;
}

/** The threshold after some steps, each a hundredth of the scale; stays on the scale. */
export function stepped(threshold: number, steps: number, { low, high }: Scale): number {
  return Math.min(Math.max(threshold + (steps * (high - low)) / 100, low), high);
}
