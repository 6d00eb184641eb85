import { imageAuroc } from './image-auroc.ts';
import { computePixelMetrics } from './pixel-metrics.ts';
import type { BinnedImage, ScoreBins } from './score-bins.ts';

/** The metrics of one resample of a class; null if undefined. */
export interface ResampledMetrics {
  auPro: number | null;
  auroc: number | null;
  f1Max: number | null;
  imageAuroc: number | null;
}

/**
 * Metrics of a class whose images count a number of times each. Pixel metrics are interpolated between the
 * thresholds of the bins, so a resample costs a sum per image; image AUROC is exact.
 */
export class WeightedMetrics {
  readonly #images: readonly BinnedImage[];
  readonly #bins: ScoreBins;
  readonly #proFprLimit: number;
  /** Of the operating points: before the first bin, and of each bin. */
  readonly #threshold: Float64Array;

  /** @param proFprLimit false positive rate up to which AUPRO integrates */
  constructor(images: readonly BinnedImage[], bins: ScoreBins, proFprLimit: number) {
    this.#images = images;
    this.#bins = bins;
    this.#proFprLimit = proFprLimit;
    this.#threshold = Float64Array.of(Infinity, ...bins.thresholds, -Infinity);
  }

  /** @param weights how often each image counts */
  metrics(weights: ArrayLike<number>): ResampledMetrics {
    const { count } = this.#bins;
    // The first point counts nothing.
    const falsePositives = new Float64Array(count + 1);
    const truePositives = new Float64Array(count + 1);
    const overlap = new Float64Array(count + 1);
    let regions = 0;
    for (const [at, image] of this.#images.entries()) {
      const weight = weights[at];
      if (weight === 0) continue;
      regions += weight * image.regions;
      addWeighted(falsePositives, image.normal, weight);
      addWeighted(truePositives, image.anomalous, weight);
      addWeighted(overlap, image.overlap, weight);
    }
    for (const counts of [falsePositives, truePositives, overlap])
      for (let i = 1; i < counts.length; i++) counts[i] += counts[i - 1];
    const totals = {
      normalPixels: falsePositives[count],
      anomalousPixels: truePositives[count],
      regions,
    };
    const { auPro, auroc, f1Max } = computePixelMetrics(
      { threshold: this.#threshold, falsePositives, truePositives, overlap },
      totals,
      this.#proFprLimit,
    );
    const images = this.#images.flatMap(({ score, isDefective: anomalous }, at) =>
      new Array<{ score: number; anomalous: boolean }>(weights[at]).fill({ score, anomalous }),
    );
    return { auPro, auroc, f1Max, imageAuroc: imageAuroc(images) };
  }

  /**
   * Draws as many normal and as many defective images as there are, with replacement, and returns how often
   * each image was drawn.
   *
   * @param uniform uniform numbers in [0, 1)
   */
  drawWeights(uniform: () => number): Uint32Array {
    const weights = new Uint32Array(this.#images.length);
    for (const wanted of [false, true]) {
      const members = [...this.#images.keys()].filter((at) => this.#images[at].isDefective === wanted);
      for (let drawn = 0; drawn < members.length; drawn++)
        weights[members[Math.floor(uniform() * members.length)]]++;
    }
    return weights;
  }
}

function addWeighted(sums: Float64Array, counts: Float64Array | undefined, weight: number): void {
  if (counts === undefined) return;
  for (let bin = 0; bin < counts.length; bin++) sums[bin + 1] += weight * counts[bin];
}
