import { cropFeatures } from '../crop-features.ts';
import type { Extractor, ImageConstants, LocalExtraction } from './extractor.ts';
import { applyScale, rangeScale, rangesOf } from './scaling.ts';

/**
 * Blocks for an extractor that computes each position from a neighborhood of pixels and does not pad the image.
 *
 * @param extract the extractor without scaling
 * @param halo pixels around a position's own pixels, at least; rounded up to the stride
 * @param isScaled whether channels are scaled by their minimum and maximum in the image
 */
export function neighborhood(
  { channels, stride, minSide }: Pick<Extractor, 'channels' | 'stride' | 'minSide'>,
  extract: Extractor['extract'],
  halo: number,
  isScaled: boolean,
): LocalExtraction {
  return {
    halo: Math.ceil(halo / stride) * stride,
    multiple: stride,
    minSide,
    channels,
    extent: ({ width, height }) => ({ width, height }),
    positions: ({ width, height }) => ({
      width: Math.ceil(width / stride),
      height: Math.ceil(height / stride),
    }),
    extract: async (image, window, models, execution) =>
      cropFeatures((await extract(image, models, execution)).features, window),
    async measure(sample): Promise<ImageConstants> {
      if (!isScaled) return {};
      const { low, high } = rangesOf(sample);
      return { low, high };
    },
    async complete(local, { low, high }) {
      if (!isScaled) return local;
      return applyScale(local, rangeScale(low, high));
    },
  };
}
