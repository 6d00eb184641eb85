import { PerchError } from '../common/api/errors.ts';
import { labelRegions } from '../common/maps/label-regions.ts';
import type { LabeledMap } from './labeled-map.ts';

/**
 * Counts at and above falling thresholds over the pixels of a class: the vertices of the ROC curve, which scikit-learn keeps
 * with `roc_curve(drop_intermediate=True)`. Between two points the curve passes only normal pixels or a single score, so ROC
 * and PRO are straight there and every metric computed from the points is exact (docs/method.md, section 4).
 *
 * The first point has an infinite threshold and counts nothing.
 */
export interface OperatingPoints {
  /**
   * A score of an anomalous pixel; or the next float32 above it, if normal pixels have scores between it and
   * the next higher such score. The last threshold is the lowest score.
   */
  threshold: Float64Array;
  falsePositives: Float64Array;
  truePositives: Float64Array;
  /** Sum, over all ground truth regions, of the covered fraction of each region. */
  overlap: Float64Array;
}

/** Statistics of an image that was added to a sweep. */
export interface ImageStats {
  /** Its highest score. */
  highest: number;
  /** Number of its 8-connected ground truth regions. */
  regions: number;
}

/** Collects the labeled pixels of a class, image by image, and sweeps a threshold over their scores. */
export interface ThresholdSweep {
  /** @throws PerchError `INVALID_ARGUMENT` if a score is NaN; the map is not added then */
  add(map: LabeledMap): ImageStats;
  operatingPoints(execution: { threads: number; signal?: AbortSignal }): Promise<OperatingPoints>;
}

/** The reference implementation: sorts all pixels, O(n log n). The native core computes the same points in O(n). */
export class SortingThresholdSweep implements ThresholdSweep {
  /** `region` is 0 for a normal pixel, otherwise the number of its region, counted from 1 over all images. */
  readonly #pixels: { score: number; region: number }[] = [];
  readonly #pixelsOfRegion: number[] = [];

  add({ scores, groundTruth, width, height }: LabeledMap): ImageStats {
    const invalid = scores.findIndex(Number.isNaN);
    if (invalid >= 0)
      throw new PerchError(
        'INVALID_ARGUMENT',
        `The score of pixel ${invalid} is NaN. Scores must be numbers.`,
      );
    const { labels, count } = labelRegions(groundTruth, width, height);
    const offset = this.#pixelsOfRegion.length;
    for (let region = 0; region < count; region++) this.#pixelsOfRegion.push(0);
    let highest = -Infinity;
    for (const [i, score] of scores.entries()) {
      const region = labels[i] === 0 ? 0 : offset + labels[i];
      if (region > 0) this.#pixelsOfRegion[region - 1]++;
      this.#pixels.push({ score, region });
      highest = Math.max(highest, score);
    }
    return { highest, regions: count };
  }

  async operatingPoints(): Promise<OperatingPoints> {
    const pixels = this.#pixels.sort((a, b) => b.score - a.score);
    const points = [{ threshold: Infinity, falsePositives: 0, truePositives: 0, overlap: 0 }];
    let current = points[0];
    for (let i = 0; i < pixels.length;) {
      const next = { ...current, threshold: pixels[i].score };
      for (; i < pixels.length && pixels[i].score === next.threshold; i++) {
        const { region } = pixels[i];
        if (region === 0) next.falsePositives++;
        else {
          next.truePositives++;
          next.overlap += 1 / this.#pixelsOfRegion[region - 1];
        }
      }
      if (next.truePositives > current.truePositives) {
        if (points.at(-1) !== current) points.push({ ...current, threshold: nextAfter(next.threshold) });
        points.push(next);
      }
      current = next;
    }
    if (points.at(-1) !== current) points.push(current);
    const column = (name: keyof OperatingPoints) => Float64Array.from(points, (point) => point[name]);
    return {
      threshold: column('threshold'),
      falsePositives: column('falsePositives'),
      truePositives: column('truePositives'),
      overlap: column('overlap'),
    };
  }
}

/** The next float32 number above a score. */
function nextAfter(score: number): number {
  // Adding 0 turns -0 into 0.
  const value = Float32Array.of(score + 0);
  new Int32Array(value.buffer)[0] += score < 0 ? -1 : 1;
  return value[0];
}
