import type { Curve } from '../api/evaluation.ts';

/** A curve with rising x. */
export interface CurvePoints {
  x: ArrayLike<number>;
  y: ArrayLike<number>;
  threshold: ArrayLike<number>;
}

/** Relative error that is due to rounding. */
const ROUNDING = 1e-9;

/**
 * Reduces the number of points of a curve without changing the area under it. Keeps points at equal distances along the curve
 * and inserts one between two of them that restores the area of the omitted ones.
 *
 * @param points number of points to keep; the result has up to about twice as many
 * @param exactAt an x up to which the area is also exact, such as the FPR limit of AUPRO
 */
export function decimateCurve(curve: CurvePoints, points: number, exactAt?: number): Curve {
  const count = curve.x.length;
  const decimated: Curve = { x: [], y: [], threshold: [] };
  const push = (x: number, y: number, threshold: number) => {
    decimated.x.push(x);
    decimated.y.push(y);
    decimated.threshold.push(threshold);
  };
  if (count <= points) {
    for (let i = 0; i < count; i++) push(curve.x[i], curve.y[i], curve.threshold[i]);
    return decimated;
  }
  const indices = sampleByLength(curve, points, exactAt);
  push(curve.x[0], curve.y[0], curve.threshold[0]);
  for (let k = 1; k < indices.length; k++) {
    const [from, to] = [indices[k - 1], indices[k]];
    if (to > from + 1) restoreArea(curve, from, to, push);
    push(curve.x[to], curve.y[to], curve.threshold[to]);
  }
  return decimated;
}

function sampleByLength({ x, y }: CurvePoints, points: number, exactAt: number | undefined): number[] {
  const last = x.length - 1;
  const length = (i: number) => Math.abs(x[i] - x[i - 1]) + Math.abs(y[i] - y[i - 1]);
  let total = 0;
  for (let i = 1; i <= last; i++) total += length(i);
  const indices = [0];
  let walked = 0;
  for (let i = 1; i <= last; i++) {
    const before = walked;
    walked += length(i);
    const passes = Math.floor((walked / total) * (points - 1)) > Math.floor((before / total) * (points - 1));
    // Both ends of the segment that contains `exactAt`, so that the area up to it stays exact.
    const endsBefore = i < last && exactAt !== undefined && x[i] <= exactAt && x[i + 1] > exactAt;
    const startsAfter = exactAt !== undefined && x[i - 1] <= exactAt && x[i] > exactAt;
    if (passes || endsBefore || startsAfter || i === last) indices.push(i);
  }
  return indices;
}

/** Pushes the point between two retained ones that restores the area under the omitted ones. */
function restoreArea(
  { x, y, threshold }: CurvePoints,
  from: number,
  to: number,
  push: (x: number, y: number, threshold: number) => void,
): void {
  const width = x[to] - x[from];
  if (width === 0) return;
  let area = 0;
  for (let i = from + 1; i <= to; i++) area += ((x[i] - x[i - 1]) * (y[i] + y[i - 1])) / 2;
  const mean = area / width;
  const rise = y[to] - y[from];
  const middle = threshold[(from + to) >> 1];
  // A point on the falling diagonal of the box between the two points gives every area that a monotonic curve can have,
  // and the result stays monotonic.
  const t = rise === 0 ? -1 : (y[to] - mean) / rise;
  if (t > -ROUNDING && t < 1 + ROUNDING) {
    const clamped = Math.min(Math.max(t, 0), 1);
    push(x[from] + clamped * width, y[to] - clamped * rise, middle);
  } else push(x[from] + width / 2, 2 * mean - (y[from] + y[to]) / 2, middle);
}
