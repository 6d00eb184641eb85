import { PerchError } from '../../../common/api/errors.ts';
import { readNpy } from '../../../common/maps/npy.ts';
import type { FeatureSet } from '../../../engine/protocol/data-types.ts';
import { readInputFile } from '../../../files/read.ts';
import type { FeatureMap } from '../../../methods/types.ts';

/** The features of an NPY file, and the shape of their maps. */
export interface Features extends FeatureSet {
  /** H x W for C x H x W, else N x H x W. */
  shape: number[];
}

/**
 * Reads features: C x H x W, or N x C x H x W for several images.
 *
 * @throws PerchError `INVALID_NPY` and file errors
 */
export async function readFeatures(path: string): Promise<Features> {
  const { shape, values } = readNpy(await readInputFile(path), path);
  const [count, channels, height, width] = shape.length === 3 ? [1, ...shape] : shape;
  if (shape.length < 3 || shape.length > 4 || values.length === 0) {
    throw new PerchError(
      'INVALID_NPY',
      `${path} has the shape (${shape.join(', ')}). Features must be C x H x W, or N x C x H x W for several images.`,
    );
  }
  return {
    values,
    count,
    channels,
    height,
    width,
    shape: shape.length === 3 ? [height, width] : [count, height, width],
  };
}

/** The features of one image. */
export function imageOf({ values, channels, height, width }: FeatureSet, at: number): FeatureMap {
  const size = channels * height * width;
  return { values: values.subarray(at * size, (at + 1) * size), channels, height, width };
}
