import { PerchError } from '../common/api/errors.ts';
import { labelRegions } from '../common/maps/label-regions.ts';
import type { JudgedMap } from './judged-map.ts';

/**
 * What a threshold that falls over every distinct score of a class leaves at or above it, told where normal pixels alone give
 * way to anomalous ones or the other way round. Between two corners lie normal pixels alone or one score: ROC and PRO are
 * straight there, PR is upright or one step, so every figure is exact (method.md, section 4).
 *
 * The first corner is the start: threshold infinite, nothing above it.
 */
export interface Corners {
  /**
   * An anomalous score; where normal pixels lie between two of those, the least float32 number above the lower one; the lowest
   * score of all at the end.
   */
  threshold: Float64Array;
  falsePositives: Float64Array;
  truePositives: Float64Array;
  /** Sum over regions of the fraction that is covered. */
  overlap: Float64Array;
}

/** What an image has that was added to a sweep. */
export interface AddedImage {
  /** The highest of its scores. */
  highest: number;
  /** How many 8-connected regions its anomalous pixels make. */
  regions: number;
}

/** Gathers the pixels of a class, image by image, and sweeps a threshold over them. */
export interface PixelSweep {
  /** @throws PerchError `INVALID_ARGUMENT` where a score is not a number; nothing is added */
  add(map: JudgedMap): AddedImage;
  corners(execution: { threads: number; signal?: AbortSignal }): Promise<Corners>;
}

/** The sweep as it is defined: sorts all pixels. Cost O(n log n); the native core has it in O(n). */
export class PlainSweep implements PixelSweep {
  /** `region` is 0 where a pixel is normal, else its region's number, from 1, over all images. */
  readonly #pixels: { score: number; region: number }[] = [];
  /** Pixels of each region. */
  readonly #sizes: number[] = [];

  add({ scores, groundTruth, width, height }: JudgedMap): AddedImage {
    const bad = scores.findIndex(Number.isNaN);
    if (bad >= 0) throw new PerchError('INVALID_ARGUMENT', `The score of pixel ${bad} is not a number.`);
    const { labels, count } = labelRegions(groundTruth, width, height);
    const before = this.#sizes.length;
    for (let region = 0; region < count; region++) this.#sizes.push(0);
    let highest = -Infinity;
    for (const [i, score] of scores.entries()) {
      const region = labels[i] === 0 ? 0 : before + labels[i];
      if (region > 0) this.#sizes[region - 1]++;
      this.#pixels.push({ score, region });
      highest = Math.max(highest, score);
    }
    return { highest, regions: count };
  }

  async corners(): Promise<Corners> {
    const pixels = this.#pixels.sort((a, b) => b.score - a.score);
    const told = [{ threshold: Infinity, falsePositives: 0, truePositives: 0, overlap: 0 }];
    let reached = told[0];
    for (let i = 0; i < pixels.length;) {
      const next = { ...reached, threshold: pixels[i].score };
      for (; i < pixels.length && pixels[i].score === next.threshold; i++) {
        const { region } = pixels[i];
        if (region === 0) next.falsePositives++;
        else {
          next.truePositives++;
          next.overlap += 1 / this.#sizes[region - 1];
        }
      }
      if (next.truePositives > reached.truePositives) {
        if (told.at(-1) !== reached) told.push({ ...reached, threshold: leastAbove(next.threshold) });
        told.push(next);
      }
      reached = next;
    }
    if (told.at(-1) !== reached) told.push(reached);
    const column = (name: keyof Corners) => Float64Array.from(told, (corner) => corner[name]);
    return {
      threshold: column('threshold'),
      falsePositives: column('falsePositives'),
      truePositives: column('truePositives'),
      overlap: column('overlap'),
    };
  }
}

/** The least float32 number above another. */
function leastAbove(score: number): number {
  const value = Float32Array.of(score + 0);
  new Int32Array(value.buffer)[0] += score < 0 ? -1 : 1;
  return value[0];
}
