import type { Corners } from './corners.ts';
import type { Totals } from './figures.ts';

/** A curve at full precision: points over falling thresholds; at the first nothing is above, so it has the second one's for its own. */
export interface FullCurve {
  x: Float64Array;
  y: Float64Array;
  threshold: Float64Array;
}

/** ROC (FPR, TPR), PRO (FPR, mean region overlap) and PR (recall, precision; 1 where nothing is above the threshold). */
export function fullCurves(
  { threshold, falsePositives, truePositives, overlap }: Corners,
  { normalPixels, anomalousPixels, regions }: Totals,
): { roc: FullCurve; pro: FullCurve; pr: FullCurve } {
  const share = (counts: Float64Array, total: number) =>
    counts.map((count) => (total > 0 ? count / total : 0));
  const fpr = share(falsePositives, normalPixels);
  const recall = share(truePositives, anomalousPixels);
  // Infinity is not a number that JSON knows.
  const scores = threshold.with(0, threshold.length > 1 ? threshold[1] : 0);
  const precision = truePositives.map((tp, i) => (i === 0 ? 1 : tp / (tp + falsePositives[i])));
  return {
    roc: { x: fpr, y: recall, threshold: scores },
    pro: { x: fpr, y: share(overlap, regions), threshold: scores },
    pr: { x: recall, y: precision, threshold: scores },
  };
}
