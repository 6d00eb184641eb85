import type { Totals } from './pixel-metrics.ts';
import type { OperatingPoints } from './threshold-sweep.ts';

/**
 * A curve at full precision, ordered by falling thresholds. The first point repeats the threshold of the
 * second.
 */
export interface FullCurve {
  x: Float64Array;
  y: Float64Array;
  threshold: Float64Array;
}

/** ROC: TPR over FPR. PRO: mean region overlap over FPR. PR: precision over recall, starting at precision 1. */
export function computeCurves(
  { threshold, falsePositives, truePositives, overlap }: OperatingPoints,
  { normalPixels, anomalousPixels, regions }: Totals,
): { roc: FullCurve; pro: FullCurve; pr: FullCurve } {
  const ratio = (counts: Float64Array, total: number) =>
    counts.map((count) => (total > 0 ? count / total : 0));
  const fpr = ratio(falsePositives, normalPixels);
  const recall = ratio(truePositives, anomalousPixels);
  // JSON cannot represent the infinite threshold of the first point.
  const thresholds = threshold.with(0, threshold.length > 1 ? threshold[1] : 0);
  const precision = truePositives.map((tp, i) => (i === 0 ? 1 : tp / (tp + falsePositives[i])));
  return {
    roc: { x: fpr, y: recall, threshold: thresholds },
    pro: { x: fpr, y: ratio(overlap, regions), threshold: thresholds },
    pr: { x: recall, y: precision, threshold: thresholds },
  };
}
