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
export interface CurvePoint extends Point {
  threshold: number;
}

/** The last point of the curve at or left of `x`, or the first point; undefined for an empty curve. */
export function pointAt({ x: xs, y, threshold }: Curve, x: number): CurvePoint | undefined {
  if (xs.length === 0) return undefined;
  let low = 0;
  let high = xs.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (xs[middle] <= x) low = middle;
    else high = middle - 1;
  }
  return pointAtIndex({ x: xs, y, threshold }, low);
}

/** The series whose curve is nearest above or below a position, and its point there. */
export function nearest(
  series: readonly Series[],
  x: number,
  y: number,
): { series: Series; point: CurvePoint } | undefined {
  let best: { series: Series; point: CurvePoint } | undefined;
  for (const candidate of series) {
    const point = pointAt(candidate.curve, x);
    if (!point || !Number.isFinite(point.threshold)) continue;
    if (!best || Math.abs(point.y - y) < Math.abs(best.point.y - y)) best = { series: candidate, point };
  }
  return best;
}

function pointAtIndex({ x, y, threshold }: Curve, index: number): CurvePoint {
  return { x: x[index], y: y[index], threshold: threshold[index] };
}
