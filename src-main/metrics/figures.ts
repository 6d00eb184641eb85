import type { Corners } from './corners.ts';

/** Figures over the pixels of one class (method.md, section 4), fractions of 1; null where a figure is not defined. */
export interface PixelFigures {
  /** Area under the receiver operating characteristic: the chance that an anomalous pixel scores above a normal one. */
  auroc: number | null;
  /** Area under the curve of per-region overlap over FPR, up to a limit, divided by it. */
  pro: number | null;
  /** Average precision: the sum over thresholds of precision times the gain in recall. */
  aupr: number | null;
  f1: number | null;
  /** The score at which F1 is reached, the highest of equal ones. */
  f1Threshold: number | null;
  /** Mean covered fraction of the regions at `f1Threshold`. */
  regionRecall: number | null;
}

/** What the figures are fractions of. */
export interface Totals {
  normalPixels: number;
  anomalousPixels: number;
  regions: number;
}

/** Of a class without an anomalous pixel no figure is defined; without a normal one neither AUROC nor PRO is. */
export function pixelFigures(corners: Corners, totals: Totals, proLimit: number): PixelFigures {
  const { normalPixels, anomalousPixels, regions } = totals;
  if (anomalousPixels === 0)
    return { auroc: null, pro: null, aupr: null, f1: null, f1Threshold: null, regionRecall: null };
  const separable = normalPixels > 0;
  const best = bestF1(corners, anomalousPixels);
  return {
    auroc: separable
      ? areaBelow(corners.falsePositives, corners.truePositives, normalPixels) /
        normalPixels /
        anomalousPixels
      : null,
    pro: separable
      ? areaBelow(corners.falsePositives, corners.overlap, proLimit * normalPixels) /
        (proLimit * normalPixels) /
        regions
      : null,
    aupr: averagePrecision(corners, anomalousPixels),
    f1: best.f1,
    f1Threshold: corners.threshold[best.at],
    regionRecall: corners.overlap[best.at] / regions,
  };
}

/** Trapezoids below y(x) from 0 to `limit`, the last one cut where the limit lies in it. */
function areaBelow(x: Float64Array, y: Float64Array, limit: number): number {
  let area = 0;
  for (let i = 1; i < x.length && x[i - 1] < limit; i++) {
    const width = x[i] - x[i - 1];
    const part = Math.min(width, limit - x[i - 1]);
    const end = width > 0 ? y[i - 1] + ((y[i] - y[i - 1]) * part) / width : y[i];
    area += (part * (y[i - 1] + end)) / 2;
  }
  return area;
}

function averagePrecision({ truePositives: tp, falsePositives: fp }: Corners, anomalous: number): number {
  let sum = 0;
  for (let i = 1; i < tp.length; i++) {
    if (tp[i] > tp[i - 1]) sum += ((tp[i] - tp[i - 1]) / anomalous) * (tp[i] / (tp[i] + fp[i]));
  }
  return sum;
}

/** F1 = 2 P R / (P + R + 1e-8) falls wherever normal pixels alone are added, so its largest value is at a corner. */
function bestF1({ truePositives: tp, falsePositives: fp }: Corners, anomalous: number) {
  let best = { f1: 0, at: 0 };
  for (let i = 1; i < tp.length; i++) {
    const precision = tp[i] / (tp[i] + fp[i]);
    const recall = tp[i] / anomalous;
    const f1 = (2 * precision * recall) / (precision + recall + 1e-8);
    if (f1 > best.f1) best = { f1, at: i };
  }
  return best;
}

/**
 * Image AUROC: the chance that an anomalous image scores above a normal one, ties counting half; null where there is none of
 * either.
 */
export function imageAuroc(images: readonly { score: number; anomalous: boolean }[]): number | null {
  const sorted = [...images].sort((a, b) => a.score - b.score);
  let [normal, anomalous, pairs] = [0, 0, 0];
  for (let i = 0; i < sorted.length;) {
    const { score } = sorted[i];
    let [tiedNormal, tiedAnomalous] = [0, 0];
    for (; i < sorted.length && sorted[i].score === score; i++) {
      if (sorted[i].anomalous) tiedAnomalous++;
      else tiedNormal++;
    }
    pairs += tiedAnomalous * (normal + tiedNormal / 2);
    normal += tiedNormal;
    anomalous += tiedAnomalous;
  }
  return normal > 0 && anomalous > 0 ? pairs / normal / anomalous : null;
}
