import { labelRegions } from './label-regions.ts';

/** A map with its ground truth (1 where anomalous), both `height` x `width`, borders cut. */
export interface JudgedMap {
  scores: Float32Array;
  groundTruth: Uint8Array;
  width: number;
  height: number;
}

/** Points of a curve over falling thresholds. */
export interface FullCurve {
  x: Float64Array;
  y: Float64Array;
  threshold: Float32Array;
}

/** Figures of one class (method.md, section 4), fractions of 1; null where a figure is not defined. */
export interface ClassFigures {
  auroc: number | null;
  pro: number | null;
  aupr: number | null;
  f1: number | null;
  f1Threshold: number | null;
  imageAuroc: number | null;
  regionRecall: number | null;
  images: number;
  anomalousImages: number;
  regions: number;
}

/** Labels of pixels stand in the low digits of a number whose high digits are the score: one sort orders both. */
const LABELS = 2 ** 20;

/**
 * The figures of a class, exact over every distinct score, and its curves.
 *
 * @param proLimit false positive rate up to which the area below the PRO curve is taken, and by which it is divided
 */
export function classFigures(
  maps: readonly JudgedMap[],
  proLimit: number,
): { figures: ClassFigures; roc: FullCurve; pro: FullCurve; pr: FullCurve } {
  const { keys, regionSizes } = sortedPixels(maps);
  const regions = regionSizes.length;
  const positives = regionSizes.reduce((sum, size) => sum + size, 0);
  const negatives = keys.length - positives;
  const distinct = countDistinct(keys);
  const [roc, pro, pr] = [0, 1, 2].map(() => emptyCurve(distinct + 1));
  roc.threshold[0] = pro.threshold[0] = pr.threshold[0] = Infinity;
  pr.y[0] = 1;

  let [tp, fp, overlap, point] = [0, 0, 0, 0];
  let [auroc, aupr, area, f1, f1Threshold, regionRecall] = [0, 0, 0, -1, 0, 0];
  for (let at = keys.length - 1; at >= 0;) {
    const score = Math.floor(keys[at] / LABELS);
    const before = { tp, fp, overlap };
    for (; at >= 0 && Math.floor(keys[at] / LABELS) === score; at--) {
      const region = keys[at] % LABELS;
      if (region === 0) fp++;
      else {
        tp++;
        overlap += 1 / regionSizes[region - 1];
      }
    }
    const threshold = scoreOf(score);
    const [fpr, tpr, precision] = [fp / negatives, tp / positives, tp / (tp + fp)];
    const [fprBefore, proBefore, proNow] = [
      before.fp / negatives,
      before.overlap / regions,
      overlap / regions,
    ];
    auroc += ((fp - before.fp) * (tp + before.tp)) / 2;
    aupr += ((tp - before.tp) / positives) * precision;
    if (fprBefore < proLimit) {
      const end = Math.min(fpr, proLimit);
      const proEnd =
        fpr > fprBefore ? proBefore + ((proNow - proBefore) * (end - fprBefore)) / (fpr - fprBefore) : proNow;
      area += ((end - fprBefore) * (proBefore + proEnd)) / 2;
    }
    const f = (2 * precision * tpr) / (precision + tpr + 1e-8);
    if (f > f1) [f1, f1Threshold, regionRecall] = [f, threshold, proNow];
    point++;
    set(roc, point, fpr, tpr, threshold);
    set(pro, point, fpr, proNow, threshold);
    set(pr, point, tpr, precision, threshold);
  }
  const defined = (value: number, ...needs: number[]) => (needs.every((need) => need > 0) ? value : null);
  const imageScores = maps.map(({ scores }) =>
    scores.reduce((max, score) => Math.max(max, score), -Infinity),
  );
  const anomalous = maps.map(({ groundTruth }) => groundTruth.includes(1));
  const figures: ClassFigures = {
    auroc: defined(auroc / (positives * negatives), positives, negatives),
    pro: defined(area / proLimit, positives, negatives),
    aupr: defined(aupr, positives),
    f1: defined(f1, positives),
    f1Threshold: defined(f1Threshold, positives),
    imageAuroc: imageAuroc(imageScores, anomalous),
    regionRecall: defined(regionRecall, positives),
    images: maps.length,
    anomalousImages: anomalous.filter(Boolean).length,
    regions,
  };
  return { figures, roc, pro, pr };
}

function sortedPixels(maps: readonly JudgedMap[]): { keys: Float64Array; regionSizes: number[] } {
  const keys = new Float64Array(maps.reduce((sum, { scores }) => sum + scores.length, 0));
  const regionSizes: number[] = [];
  let at = 0;
  for (const { scores, groundTruth, width, height } of maps) {
    const { labels, count } = labelRegions(groundTruth, width, height);
    const first = regionSizes.length;
    for (let region = 0; region < count; region++) regionSizes.push(0);
    const bits = new Int32Array(scores.buffer, scores.byteOffset, scores.length);
    for (let i = 0; i < scores.length; i++) {
      const region = labels[i] === 0 ? 0 : first + labels[i];
      if (region > 0) regionSizes[region - 1]++;
      keys[at++] = ordered(bits[i]) * LABELS + region;
    }
  }
  keys.sort();
  return { keys, regionSizes };
}

/** Whole numbers, 0 to 2^32, in the order of the floats that these bits are; both zeros are one. */
function ordered(bits: number): number {
  return bits < 0 ? 2 ** 31 - (bits & 0x7fffffff) : 2 ** 31 + bits;
}

function scoreOf(order: number): number {
  const bits = order < 2 ** 31 ? (2 ** 31 - order) | 0x80000000 : order - 2 ** 31;
  return new Float32Array(Int32Array.of(bits).buffer)[0];
}

function countDistinct(keys: Float64Array): number {
  let count = 0;
  let last = NaN;
  for (const key of keys) {
    const score = Math.floor(key / LABELS);
    if (score !== last) count++;
    last = score;
  }
  return count;
}

function emptyCurve(points: number): FullCurve {
  return { x: new Float64Array(points), y: new Float64Array(points), threshold: new Float32Array(points) };
}

function set(curve: FullCurve, at: number, x: number, y: number, threshold: number): void {
  curve.x[at] = x;
  curve.y[at] = y;
  curve.threshold[at] = threshold;
}

function imageAuroc(scores: readonly number[], anomalous: readonly boolean[]): number | null {
  const of = (label: boolean) => scores.filter((_, image) => anomalous[image] === label);
  const [positives, negatives] = [of(true), of(false)];
  if (positives.length === 0 || negatives.length === 0) return null;
  let pairs = 0;
  for (const p of positives) for (const n of negatives) pairs += p > n ? 1 : p === n ? 0.5 : 0;
  return pairs / (positives.length * negatives.length);
}
