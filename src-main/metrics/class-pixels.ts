import { PerchError } from '../common/api/errors.ts';
import type { ComputeBackend } from '../methods/backend/compute-backend.ts';
import { defaultBackend } from '../methods/backend/default-backend.ts';
import type { PixelSweep } from './corners.ts';
import { fullCurves, type FullCurve } from './curves.ts';
import { imageAuroc, type PixelFigures, pixelFigures } from './figures.ts';
import type { JudgedMap } from './judged-map.ts';

/** All figures of one class. */
export interface ClassFigures extends PixelFigures {
  /** Of images, each scored by the maximum of its map. */
  imageAuroc: number | null;
  images: number;
  /** Defective images, also those whose defect lies in the border that was cut, and those of unknown pixels. */
  anomalousImages: number;
  /** Images that `imageAuroc` alone is over: defective, but which of their pixels are is not known. */
  imagesWithoutMask: number;
  regions: number;
}

/**
 * Takes the maps of a class one by one, of which it keeps the scores, and gives figures and curves exact over every distinct
 * score. Memory: 4 bytes a pixel for those, and what `scored_pixels.hpp` says; in all 16 bytes a pixel where one in eleven
 * of them is anomalous at most.
 */
export class ClassPixels {
  readonly #sweep: PixelSweep;
  readonly #images: { score: number; anomalous: boolean }[] = [];
  #regions = 0;
  #withoutMask = 0;

  constructor({ createThresholdSweep }: Pick<ComputeBackend, 'createThresholdSweep'> = defaultBackend) {
    this.#sweep = createThresholdSweep();
  }

  /**
   * The scores may not be changed until there are figures.
   *
   * @throws PerchError `INVALID_ARGUMENT` where a score is not a number
   */
  add(map: JudgedMap): void {
    if (map.isImageOnly) {
      this.#images.push({ score: highestOf(map.scores), anomalous: map.isDefective ?? false });
      this.#withoutMask++;
      return;
    }
    const { highest, regions } = this.#sweep.add(map);
    this.#images.push({ score: highest, anomalous: map.isDefective ?? regions > 0 });
    this.#regions += regions;
  }

  /**
   * Figures of everything that was added, and the way to its curves; the pixels are gone afterwards.
   *
   * @param proLimit FPR up to which the area below the PRO curve is taken, and by which it is divided
   */
  async figures(
    proLimit: number,
    execution: { threads: number; signal?: AbortSignal },
  ): Promise<{ figures: ClassFigures; curves: () => { roc: FullCurve; pro: FullCurve; pr: FullCurve } }> {
    const corners = await this.#sweep.corners(execution);
    // Below the lowest threshold lies everything.
    const totals = {
      normalPixels: corners.falsePositives.at(-1) ?? 0,
      anomalousPixels: corners.truePositives.at(-1) ?? 0,
      regions: this.#regions,
    };
    const figures = {
      ...pixelFigures(corners, totals, proLimit),
      imageAuroc: imageAuroc(this.#images),
      images: this.#images.length,
      anomalousImages: this.#images.filter(({ anomalous }) => anomalous).length,
      imagesWithoutMask: this.#withoutMask,
      regions: totals.regions,
    };
    return { figures, curves: () => fullCurves(corners, totals) };
  }
}

function highestOf(scores: Float32Array): number {
  let highest = -Infinity;
  for (const [at, score] of scores.entries()) {
    if (Number.isNaN(score))
      throw new PerchError('INVALID_ARGUMENT', `The score of pixel ${at} is not a number.`);
    if (score > highest) highest = score;
  }
  return highest;
}
