import type { Curve, ScoreHistogram } from '../../src-main/common/api/evaluation.ts';
import type { CurveKind } from './curve-chart-options.ts';
import type { Point } from './curves.ts';

type Counts = Pick<ScoreHistogram, 'low' | 'high' | 'normal' | 'anomalous'>;

/**
 * The false positive rate (`normal`) and the true positive rate (`anomalous`) of a class at a threshold; 0 if it has no such
 * pixels.
 */
export function ratesAtThreshold(counts: Counts, threshold: number): { normal: number; anomalous: number } {
  const rate = (bins: readonly number[]) => countAbove(bins, counts, threshold) / Math.max(sum(bins), 1);
  return { normal: rate(counts.normal), anomalous: rate(counts.anomalous) };
}

/**
 * The point of a threshold on a curve. Curves store no thresholds inside their straight segments, so the
 * position comes from the histogram and is accurate to a bin.
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
  const position =
    high > low ? ((threshold - low) / (high - low)) * bins.length : threshold <= low ? 0 : bins.length;
  return bins.reduce((total, count, bin) => total + count * Math.min(Math.max(bin + 1 - position, 0), 1), 0);
}

/** The curve at `x`, interpolated; the upper end of a vertical step. */
function curveAt({ x: xs, y }: Curve, x: number): number | undefined {
  const after = xs.findIndex((value) => value > x);
  if (after < 0) return y.at(-1);
  if (after === 0) return y[0];
  const part = (x - xs[after - 1]) / (xs[after] - xs[after - 1]);
  return y[after - 1] + part * (y[after] - y[after - 1]);
}

const sum = (bins: readonly number[]) => bins.reduce((total, count) => total + count, 0);
