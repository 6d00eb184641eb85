import type { Crop } from '../../../../common/geometry.ts';
import type { RgbImage } from '../../../../methods/types.ts';
import type { RgbSource } from '../rgb-source.ts';

/** An image in memory as a source of rectangles. */
export function sourceOf({ values, width, height }: RgbImage): RgbSource {
  return {
    width,
    height,
    read: async ({ left, top, width: w, height: h }: Crop) => {
      const part = new Float32Array(3 * w * h);
      for (let c = 0; c < 3; c++)
        for (let y = 0; y < h; y++) {
          const from = (c * height + top + y) * width + left;
          part.set(values.subarray(from, from + w), (c * h + y) * w);
        }
      return { values: part, width: w, height: h };
    },
  };
}
