import { PerchError } from '../common/api/errors.ts';
import { computeCurves, type FullCurve } from './curves.ts';
import { rowsInside, type LabeledMap } from './labeled-map.ts';
import { imageAuroc } from './image-auroc.ts';
import { computePixelMetrics, type PixelMetrics } from './pixel-metrics.ts';
import type { ThresholdSweep } from './threshold-sweep.ts';

/** All metrics of one class. */
export interface ClassMetrics extends PixelMetrics {
  /** Image-level AUROC; the score of an image is its network's own, or else the maximum of its map. */
  imageAuroc: number | null;
  images: number;
  /** Defective images, including those whose defect lies in the ignored border or whose anomalous pixels are unknown. */
  anomalousImages: number;
  /** Defective images whose anomalous pixels are unknown. They count in `imageAuroc` only. */
  imagesWithoutMask: number;
  regions: number;
}

/**
 * Accumulates the maps of a class one by one and computes metrics and curves that are exact over every distinct score.
 *
 * Memory: 4 bytes per pixel for the scores plus the memory of the native sweep (`perch/threshold_sweep.hpp`);
 * at most 16 bytes per pixel in total if no more than 1 pixel in 11 is anomalous.
 */
export class MetricAccumulator {
  readonly #sweep: ThresholdSweep;
  readonly #images: { score: number; anomalous: boolean }[] = [];
  #regions = 0;
  #withoutMask = 0;

  /** @param sweep empty; the compute backend creates one (`createThresholdSweep`) */
  constructor(sweep: ThresholdSweep) {
    this.#sweep = sweep;
  }

  /**
   * Adds a map. The accumulator holds a reference to the scores, which must not change until `metrics` has
   * resolved.
   *
   * @throws PerchError `INVALID_ARGUMENT` if a score is NaN
   */
  add(map: LabeledMap): void {
    if (map.isImageOnly) {
      this.#images.push({ score: map.imageScore ?? highestOf(map), anomalous: map.isDefective ?? false });
      this.#withoutMask++;
      return;
    }
    let [highest, regions] = [-Infinity, 0];
    for (const row of rowsInside(map)) {
      const added = this.#sweep.add(row);
      highest = Math.max(highest, added.highest);
      regions += added.regions;
    }
    this.#images.push({ score: map.imageScore ?? highest, anomalous: map.isDefective ?? regions > 0 });
    this.#regions += regions;
  }

  /**
   * Computes the metrics of all added maps, and their curves on demand. The accumulator is empty afterwards.
   *
   * @param proFprLimit false positive rate up to which AUPRO integrates, and by which it is divided
   */
  async metrics(
    proFprLimit: number,
    execution: { threads: number; signal?: AbortSignal },
  ): Promise<{ metrics: ClassMetrics; curves: () => { roc: FullCurve; pro: FullCurve; pr: FullCurve } }> {
    const points = await this.#sweep.operatingPoints(execution);
    // The last point counts all pixels.
    const totals = {
      normalPixels: points.falsePositives.at(-1) ?? 0,
      anomalousPixels: points.truePositives.at(-1) ?? 0,
      regions: this.#regions,
    };
    const metrics = {
      ...computePixelMetrics(points, totals, proFprLimit),
      imageAuroc: imageAuroc(this.#images),
      images: this.#images.length,
      anomalousImages: this.#images.filter(({ anomalous }) => anomalous).length,
      imagesWithoutMask: this.#withoutMask,
      regions: totals.regions,
    };
    return { metrics, curves: () => computeCurves(points, totals) };
  }
}

function highestOf({ scores, inside }: LabeledMap): number {
  let highest = -Infinity;
  for (const [index, score] of scores.entries()) {
    if (inside?.[index] === 0) continue;
    if (Number.isNaN(score))
      throw new PerchError('INVALID_ARGUMENT', `The score of pixel ${index} is NaN. Scores must be numbers.`);
    if (score > highest) highest = score;
  }
  return highest;
}
