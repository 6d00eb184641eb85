import type { Curve } from '../api/evaluation.ts';

/** A curve as its points, x rising. */
export interface Points {
  x: ArrayLike<number>;
  y: ArrayLike<number>;
  threshold: ArrayLike<number>;
}

/** A share of a piece that is nothing but rounding. */
const ROUNDING = 1e-9;

/**
 * A curve with fewer points and the same area below it. Points are kept at equal lengths along the curve; between two of
 * them one is put where it gives back the area of what was left out.
 *
 * @param points how many to keep; up to about twice as many come out
 * @param exactAt an x up to which the area holds as well, the limit of PRO for one
 */
export function decimateCurve(curve: Points, points: number, exactAt?: number): Curve {
  const count = curve.x.length;
  const thin: Curve = { x: [], y: [], threshold: [] };
  const push = (x: number, y: number, threshold: number) => {
    thin.x.push(x);
    thin.y.push(y);
    thin.threshold.push(threshold);
  };
  if (count <= points) {
    for (let i = 0; i < count; i++) push(curve.x[i], curve.y[i], curve.threshold[i]);
    return thin;
  }
  const kept = keptPoints(curve, points, exactAt);
  push(curve.x[0], curve.y[0], curve.threshold[0]);
  for (let k = 1; k < kept.length; k++) {
    const [from, to] = [kept[k - 1], kept[k]];
    if (to > from + 1) balance(curve, from, to, push);
    push(curve.x[to], curve.y[to], curve.threshold[to]);
  }
  return thin;
}

function keptPoints({ x, y }: Points, points: number, exactAt: number | undefined): number[] {
  const last = x.length - 1;
  const length = (i: number) => Math.abs(x[i] - x[i - 1]) + Math.abs(y[i] - y[i - 1]);
  let total = 0;
  for (let i = 1; i <= last; i++) total += length(i);
  const kept = [0];
  let walked = 0;
  for (let i = 1; i <= last; i++) {
    const before = walked;
    walked += length(i);
    const passed = Math.floor((walked / total) * (points - 1)) > Math.floor((before / total) * (points - 1));
    // Both ends of the piece in which `exactAt` lies, so that the area up to it is that of the curve itself.
    const leaves = i < last && exactAt !== undefined && x[i] <= exactAt && x[i + 1] > exactAt;
    const enters = exactAt !== undefined && x[i - 1] <= exactAt && x[i] > exactAt;
    if (passed || leaves || enters || i === last) kept.push(i);
  }
  return kept;
}

/** The point between two kept ones that gives back the area between them. */
function balance(
  { x, y, threshold }: Points,
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
  // On the falling diagonal of the piece's box the area runs from one corner's to the other's; a curve that only rises stays one.
  const t = rise === 0 ? -1 : (y[to] - mean) / rise;
  if (t > -ROUNDING && t < 1 + ROUNDING) {
    const within = Math.min(Math.max(t, 0), 1);
    push(x[from] + within * width, y[to] - within * rise, middle);
  } else push(x[from] + width / 2, 2 * mean - (y[from] + y[to]) / 2, middle);
}
