import type { Curve } from '../../src-main/common/api/evaluation.ts';

/** One method's curve in a chart. */
export interface Series {
  method: number;
  label: string;
  /** Its place among the compared methods, which gives it its style. */
  index: number;
  curve: Curve;
}

export interface Point {
  x: number;
  y: number;
}

/** What a curve says at one place. */
export interface Reading extends Point {
  threshold: number;
}

/** The last point of the curve that is not right of `x`, or its first; undefined where it has none. */
export function readingAt({ x: xs, y, threshold }: Curve, x: number): Reading | undefined {
  if (xs.length === 0) return undefined;
  let low = 0;
  let high = xs.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (xs[middle] <= x) low = middle;
    else high = middle - 1;
  }
  return pointOf({ x: xs, y, threshold }, low);
}

/** The series whose curve passes nearest above or below a place, and its point there. */
export function nearest(
  series: readonly Series[],
  x: number,
  y: number,
): { series: Series; reading: Reading } | undefined {
  let best: { series: Series; reading: Reading } | undefined;
  for (const candidate of series) {
    const reading = readingAt(candidate.curve, x);
    if (!reading || !Number.isFinite(reading.threshold)) continue;
    if (!best || Math.abs(reading.y - y) < Math.abs(best.reading.y - y))
      best = { series: candidate, reading };
  }
  return best;
}

function pointOf({ x, y, threshold }: Curve, index: number): Reading {
  return { x: x[index], y: y[index], threshold: threshold[index] };
}
