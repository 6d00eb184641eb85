import { labelRegions } from '../common/maps/label-regions.ts';
import type { LabeledMap } from './labeled-map.ts';

/** Number of cells of the score range, each with its own search range. */
const CELLS = 8192;

/** Bins between falling thresholds: bin k holds the scores that reach threshold k but not k - 1. The last bin holds all lower scores. */
export class ScoreBins {
  /** Falling, distinct. */
  readonly thresholds: Float64Array;
  /** For each cell of the score range, from high to low, the first bin of its scores. */
  readonly #first = new Int32Array(CELLS + 2);
  readonly #high: number;
  readonly #cellsPerScore: number;

  /** @param thresholds in any order; repeated ones count once */
  constructor(thresholds: Iterable<number>) {
    this.thresholds = Float64Array.from(new Set(thresholds)).sort().reverse();
    const { length } = this.thresholds;
    this.#high = this.thresholds[0] ?? 0;
    const range = this.#high - (this.thresholds[length - 1] ?? 0);
    this.#cellsPerScore = range > 0 ? CELLS / range : 0;
    let bin = 0;
    for (let cell = 0; cell < this.#first.length; cell++) {
      while (bin < length && this.#cellOf(this.thresholds[bin]) < cell) bin++;
      this.#first[cell] = bin;
    }
  }

  get count(): number {
    return this.thresholds.length + 1;
  }

  binOf(score: number): number {
    const cell = this.#cellOf(score);
    // Scores of a cell are below the thresholds of earlier cells and reach those of later cells.
    let low = this.#first[cell];
    let high = this.#first[cell + 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (score >= this.thresholds[middle]) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  #cellOf(score: number): number {
    const cell = Math.floor((this.#high - score) * this.#cellsPerScore);
    return cell < 0 ? 0 : cell > CELLS ? CELLS : cell;
  }
}

/** An image's pixels by score and ground truth, and its image score. */
export interface BinnedImage {
  /** Pixels of each bin; undefined if the anomalous pixels of the image are unknown. */
  normal?: Float64Array;
  /** Undefined without an anomalous pixel. */
  anomalous?: Float64Array;
  /** Sum over the ground truth regions of the fraction of the region in each bin. */
  overlap?: Float64Array;
  regions: number;
  /** The method's own score of the image, or else the maximum of the map. */
  score: number;
  isDefective: boolean;
}

export function binImage(map: LabeledMap, bins: ScoreBins): BinnedImage {
  const { scores, groundTruth, inside, width, height } = map;
  const isInside = (at: number) => inside?.[at] !== 0;
  let score = -Infinity;
  const normal = new Float64Array(bins.count);
  for (let at = 0; at < scores.length; at++) {
    if (!isInside(at)) continue;
    if (scores[at] > score) score = scores[at];
    if (groundTruth[at] === 0) normal[bins.binOf(scores[at])]++;
  }
  score = map.imageScore ?? score;
  if (map.isImageOnly) return { regions: 0, score, isDefective: map.isDefective ?? false };
  const marked = inside ? groundTruth.map((value, at) => value & inside[at]) : groundTruth;
  const image = { normal, score, isDefective: map.isDefective ?? marked.includes(1) };
  if (!marked.includes(1)) return { ...image, regions: 0 };

  const { labels, count } = labelRegions(marked, width, height);
  const sizes = new Uint32Array(count + 1);
  for (const label of labels) sizes[label]++;
  const anomalous = new Float64Array(bins.count);
  const overlap = new Float64Array(bins.count);
  for (const [at, label] of labels.entries()) {
    if (label === 0) continue;
    const bin = bins.binOf(scores[at]);
    anomalous[bin]++;
    overlap[bin] += 1 / sizes[label];
  }
  return { ...image, anomalous, overlap, regions: count };
}
