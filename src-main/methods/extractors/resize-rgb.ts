import type { Size } from '../../common/geometry.ts';
import { resizePlane } from '../../common/maps/resize.ts';
import type { RgbImage } from '../types.ts';

/** Resizes an image (bilinear). */
export function resizeRgb(image: RgbImage, size: Size): RgbImage {
  const { values, height, width } = image;
  if (size.height === height && size.width === width) return image;
  const pixels = size.height * size.width;
  const planes = new Float32Array(3 * pixels);
  for (let plane = 0; plane < 3; plane++) {
    const source = values.subarray(plane * height * width, (plane + 1) * height * width);
    planes.set(resizePlane({ values: source, height, width }, size), plane * pixels);
  }
  return { values: planes, height: size.height, width: size.width };
}
