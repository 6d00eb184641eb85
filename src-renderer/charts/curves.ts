import type { Curve } from '../../src-main/common/api/evaluation.ts';

/** The curve of a method in a chart. */
export interface Series {
  method: number;
  label: string;
  /** Index among the compared methods, which selects the style. */
  index: number;
  curve: Curve;
}

export interface Point {
  x: number;
  y: number;
}

/** A point of a curve with its threshold. */
export interface Reading extends Point {
  threshold: number;
}

/** The last point of the curve at or left of `x`, else the first; undefined for an empty curve. */
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

/** The series whose curve is nearest above or below a position, and its point there. */
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
