import { labelRegions } from '../maps/label-regions.ts';
import { core, type Core } from '../methods/core.ts';
import type { PixelSweep } from './corners.ts';
import { fullCurves, type FullCurve } from './curves.ts';
import { imageAuroc, type PixelFigures, pixelFigures } from './figures.ts';

/** A map with its ground truth (1 where anomalous), both `height` x `width`, borders cut. */
export interface JudgedMap {
  scores: Float32Array;
  groundTruth: Uint8Array;
  width: number;
  height: number;
}

/** All figures of one class. */
export interface ClassFigures extends PixelFigures {
  /** Of images, each scored by the maximum of its map. */
  imageAuroc: number | null;
  images: number;
  anomalousImages: number;
  regions: number;
}

/**
 * Takes the maps of a class one by one, none of which it keeps, and gives figures and curves exact over every distinct
 * score. Memory: 16 bytes a pixel at most.
 */
export class ClassPixels {
  readonly #sweep: PixelSweep;
  readonly #sizes: number[] = [];
  readonly #images: { score: number; anomalous: boolean }[] = [];
  #normal = 0;

  /** @param capacity pixels of all maps that will be added */
  constructor(capacity: number, { scoredPixels }: Pick<Core, 'scoredPixels'> = core) {
    this.#sweep = scoredPixels(capacity);
  }

  /** @throws PerchError `INVALID_ARGUMENT` where a score is not a number */
  add({ scores, groundTruth, width, height }: JudgedMap): void {
    const { labels, count } = labelRegions(groundTruth, width, height);
    const before = this.#sizes.length;
    for (let region = 0; region < count; region++) this.#sizes.push(0);
    let score = -Infinity;
    for (let i = 0; i < labels.length; i++) {
      if (scores[i] > score) score = scores[i];
      if (labels[i] === 0) {
        this.#normal++;
        continue;
      }
      labels[i] += before;
      this.#sizes[labels[i] - 1]++;
    }
    this.#sweep.add(scores, labels);
    this.#images.push({ score, anomalous: count > 0 });
  }

  /**
   * Figures and curves of everything that was added; the pixels are gone afterwards.
   *
   * @param proLimit FPR up to which the area below the PRO curve is taken, and by which it is divided
   */
  async figures(
    proLimit: number,
    execution: { threads: number; signal?: AbortSignal },
  ): Promise<{ figures: ClassFigures; curves: { roc: FullCurve; pro: FullCurve; pr: FullCurve } }> {
    const corners = await this.#sweep.corners(Float64Array.from(this.#sizes), execution);
    const totals = {
      normalPixels: this.#normal,
      anomalousPixels: this.#sizes.reduce((sum, size) => sum + size, 0),
      regions: this.#sizes.length,
    };
    const figures = {
      ...pixelFigures(corners, totals, proLimit),
      imageAuroc: imageAuroc(this.#images),
      images: this.#images.length,
      anomalousImages: this.#images.filter(({ anomalous }) => anomalous).length,
      regions: totals.regions,
    };
    return { figures, curves: fullCurves(corners, totals) };
  }
}
