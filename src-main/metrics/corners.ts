import { PerchError } from '../api/errors.ts';

/**
 * What a threshold that falls over every distinct score of a class leaves at or above it, told where normal pixels alone give
 * way to anomalous ones or the other way round. Between two corners lie normal pixels alone or one score: ROC and PRO are
 * straight there, PR is upright or one step, so every figure is exact (method.md, section 4).
 *
 * The first corner is the start: threshold infinite, nothing above it.
 */
export interface Corners {
  threshold: Float64Array;
  falsePositives: Float64Array;
  truePositives: Float64Array;
  /** Sum over regions of the fraction that is covered. */
  overlap: Float64Array;
}

/** Gathers the pixels of a class, image by image, and sweeps a threshold over them. */
export interface PixelSweep {
  /**
   * @param scores of the pixels of one image
   * @param regions 0 where a pixel is normal, else its region's number, from 1, over all images
   * @throws PerchError `INVALID_ARGUMENT` where a score is not a number
   */
  add(scores: Float32Array, regions: Int32Array): void;
  /** @param sizes pixels of each region, in order of its number */
  corners(sizes: Float64Array, execution: { threads: number; signal?: AbortSignal }): Promise<Corners>;
}

/** The sweep as it is defined: sorts all pixels. Cost O(n log n); the native core has it in O(n). */
export class PlainSweep implements PixelSweep {
  readonly #pixels: { score: number; region: number }[] = [];

  add(scores: Float32Array, regions: Int32Array): void {
    for (const [i, score] of scores.entries()) {
      if (Number.isNaN(score))
        throw new PerchError('INVALID_ARGUMENT', `The score of pixel ${i} is not a number.`);
      this.#pixels.push({ score, region: regions[i] });
    }
  }

  async corners(sizes: Float64Array): Promise<Corners> {
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
          next.overlap += 1 / sizes[region - 1];
        }
      }
      if (next.truePositives > reached.truePositives) {
        if (told.at(-1) !== reached) told.push(reached);
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
