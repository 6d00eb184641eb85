import type { OperatingPoints } from './threshold-sweep.ts';

/** Metrics over the pixels of one class (docs/method.md, section 4), as fractions of 1; null where a metric is undefined. */
export interface PixelMetrics {
  /** Area under the ROC curve: the probability that an anomalous pixel scores higher than a normal one. */
  auroc: number | null;
  /** AUPRO: area under the per-region-overlap curve up to a false positive rate limit, divided by the limit. */
  auPro: number | null;
  /** AP: sum over falling thresholds of precision times the increase in recall. */
  averagePrecision: number | null;
  /** The highest F1 score over all thresholds. */
  f1Max: number | null;
  /** The threshold of `f1Max`; the highest one if several are equal. */
  f1MaxThreshold: number | null;
  /** Mean covered fraction of the ground truth regions at `f1MaxThreshold`. */
  meanRegionOverlap: number | null;
}

/** Denominators of the rates. */
export interface Totals {
  normalPixels: number;
  anomalousPixels: number;
  regions: number;
}

/**
 * Computes the pixel metrics of a class. All are null if the class has no anomalous pixel; AUROC and AUPRO are also null if it
 * has no normal pixel.
 *
 * @param proFprLimit false positive rate, in (0, 1], up to which AUPRO integrates
 */
export function computePixelMetrics(
  points: OperatingPoints,
  totals: Totals,
  proFprLimit: number,
): PixelMetrics {
  const { normalPixels, anomalousPixels, regions } = totals;
  if (anomalousPixels === 0) {
    return {
      auroc: null,
      auPro: null,
      averagePrecision: null,
      f1Max: null,
      f1MaxThreshold: null,
      meanRegionOverlap: null,
    };
  }
  const hasNormalPixels = normalPixels > 0;
  const best = findMaxF1(points, anomalousPixels);
  return {
    auroc: hasNormalPixels
      ? auc(points.falsePositives, points.truePositives, normalPixels) / normalPixels / anomalousPixels
      : null,
    auPro: hasNormalPixels
      ? auc(points.falsePositives, points.overlap, proFprLimit * normalPixels) /
        (proFprLimit * normalPixels) /
        regions
      : null,
    averagePrecision: averagePrecision(points, anomalousPixels),
    f1Max: best.f1,
    f1MaxThreshold: points.threshold[best.index],
    meanRegionOverlap: points.overlap[best.index] / regions,
  };
}

/** Area under y(x) from 0 to `limit` by the trapezoidal rule. The segment that crosses the limit is interpolated. */
function auc(x: Float64Array, y: Float64Array, limit: number): number {
  let area = 0;
  for (let i = 1; i < x.length && x[i - 1] < limit; i++) {
    const width = x[i] - x[i - 1];
    const inside = Math.min(width, limit - x[i - 1]);
    const end = width > 0 ? y[i - 1] + ((y[i] - y[i - 1]) * inside) / width : y[i];
    area += (inside * (y[i - 1] + end)) / 2;
  }
  return area;
}

function averagePrecision(
  { truePositives: tp, falsePositives: fp }: OperatingPoints,
  anomalousPixels: number,
): number {
  let sum = 0;
  for (let i = 1; i < tp.length; i++) {
    if (tp[i] > tp[i - 1]) sum += ((tp[i] - tp[i - 1]) / anomalousPixels) * (tp[i] / (tp[i] + fp[i]));
  }
  return sum;
}

/**
 * F1 = 2 P R / (P + R + 1e-8), as in the paper's evaluation. F1 decreases wherever only false positives are added, so its
 * maximum is at an operating point.
 */
function findMaxF1({ truePositives: tp, falsePositives: fp }: OperatingPoints, anomalousPixels: number) {
  let best = { f1: 0, index: 0 };
  for (let i = 1; i < tp.length; i++) {
    const precision = tp[i] / (tp[i] + fp[i]);
    const recall = tp[i] / anomalousPixels;
    const f1 = (2 * precision * recall) / (precision + recall + 1e-8);
    if (f1 > best.f1) best = { f1, index: i };
  }
  return best;
}
