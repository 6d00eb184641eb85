import { PerchError } from '../../common/api/errors.ts';
import type { Size } from '../../common/geometry.ts';
import { sampledSize } from '../../common/maps/evaluation-step.ts';
import { decodeMaskPng } from '../../common/maps/mask-png.ts';
import type { Runs } from '../../common/maps/mask-runs.ts';
import { readInputFile } from '../../files/read.ts';

/**
 * Reads the pixel at the center of each `step` x `step` pixels of a mask of any size.
 *
 * @returns the sampled pixels, 1 where anomalous, and whether any pixel of the mask is anomalous
 * @throws PerchError `INVALID_MASK` if the file is no 8-bit gray PNG of this size; `NOT_FOUND`, `NOT_READABLE`
 */
export async function sampleMask(
  path: string,
  image: Size,
  step: number,
): Promise<{ groundTruth: Uint8Array; isMarked: boolean }> {
  const png = await readInputFile(path);
  const { runs } = await decodeMaskPng(png, ({ width, height }) => {
    if (width !== image.width || height !== image.height)
      throw new RangeError(`it has ${width} x ${height} pixels, its image ${image.width} x ${image.height}`);
  }).catch((cause: unknown) => {
    if (!(cause instanceof RangeError)) throw cause;
    throw new PerchError('INVALID_MASK', `The mask ${path} cannot be read (${cause.message}).`, cause);
  });
  return { groundTruth: sampleRuns(runs, image, step), isMarked: runs.length > 0 };
}

function sampleRuns(runs: Runs, image: Size, step: number): Uint8Array {
  const { width, height } = sampledSize(image, step);
  const sampled = new Uint8Array(width * height);
  // The last column and row may be narrower than a step. Their samples are their last pixels.
  const center = (at: number, end: number) => Math.min(at * step + step / 2, end - 1);
  for (let at = 0; at < runs.length; at += 2) {
    const y = Math.floor(runs[at] / image.width);
    const row = Math.floor(y / step);
    if (center(row, image.height) !== y) continue;
    const [left, right] = [runs[at] - y * image.width, runs[at + 1] - y * image.width];
    for (let x = Math.floor(left / step); x < width && x * step < right; x++) {
      const sample = center(x, image.width);
      if (sample >= left && sample < right) sampled[row * width + x] = 1;
    }
  }
  return sampled;
}
