import type { Curve, ScoreHistogram } from '../../src-main/common/api/evaluation.ts';
import type { CurveKind } from './configuration.ts';
import type { Point } from './curves.ts';

type Counts = Pick<ScoreHistogram, 'low' | 'high' | 'normal' | 'anomalous'>;

/** The shares of a class's pixels whose scores reach a threshold: the false and the true positive rate; 0 where there are none. */
export function ratesAtThreshold(counts: Counts, threshold: number): { normal: number; anomalous: number } {
  const shareOf = (bins: readonly number[]) => countAbove(bins, counts, threshold) / Math.max(sum(bins), 1);
  return { normal: shareOf(counts.normal), anomalous: shareOf(counts.anomalous) };
}

/**
 * Where a threshold lies on a curve. A curve has no points on its straight parts, and so no thresholds; the histogram has them,
 * to a bin.
 */
export function pointAtThreshold(
  kind: CurveKind,
  curve: Curve,
  counts: Counts,
  threshold: number,
): Point | undefined {
  const x = kind === 'pr' ? 'anomalous' : 'normal';
  const at = ratesAtThreshold(counts, threshold)[x];
  const y = curveAt(curve, at);
  return y === undefined ? undefined : { x: at, y };
}

function countAbove(bins: readonly number[], { low, high }: Counts, threshold: number): number {
  const place =
    high > low ? ((threshold - low) / (high - low)) * bins.length : threshold <= low ? 0 : bins.length;
  return bins.reduce((total, count, bin) => total + count * Math.min(Math.max(bin + 1 - place, 0), 1), 0);
}

/** The curve at `x`, at the upper end of a step. */
function curveAt({ x: xs, y }: Curve, x: number): number | undefined {
  const after = xs.findIndex((value) => value > x);
  if (after < 0) return y.at(-1);
  if (after === 0) return y[0];
  const part = (x - xs[after - 1]) / (xs[after] - xs[after - 1]);
  return y[after - 1] + part * (y[after] - y[after - 1]);
}

const sum = (bins: readonly number[]) => bins.reduce((total, count) => total + count, 0);
