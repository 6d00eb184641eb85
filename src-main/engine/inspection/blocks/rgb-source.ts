import type { Crop, Size } from '../../../common/geometry.ts';
import type { RgbImage } from '../../../methods/types.ts';
import type { PixelSource } from '../../readers/pixel-source.ts';
import { toPlanes } from '../../readers/rgb-planes.ts';

/** An image whose rectangles are read one at a time, as planes in 0..1. */
export interface RgbSource extends Size {
  read(rectangle: Crop): Promise<RgbImage>;
}

export function rgbSource(pixels: PixelSource): RgbSource {
  return {
    width: pixels.width,
    height: pixels.height,
    read: async (rectangle) => toPlanes(await pixels.read(rectangle)),
  };
}
