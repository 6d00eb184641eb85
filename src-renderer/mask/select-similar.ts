import { floodFill } from './flood.ts';
import type { Size } from '../viewer/viewport.ts';
import { runsOf, type Runs } from '../../src-main/common/maps/mask-runs.ts';

/**
 * The pixels whose channels each differ by at most `tolerance` from those of the pixel at a point.
 *
 * @param rgba 8-bit RGBA, row by row; alpha is ignored
 * @param x, y the point in pixels, inside the image
 * @param tolerance 0 to 255
 * @param contiguous only the pixels 4-connected with the point
 */
export function selectSimilar(
  rgba: Uint8ClampedArray,
  size: Size,
  x: number,
  y: number,
  tolerance: number,
  contiguous: boolean,
): Runs {
  const similar = new Uint8Array(size.width * size.height);
  const start = 4 * (y * size.width + x);
  const red = rgba[start];
  const green = rgba[start + 1];
  const blue = rgba[start + 2];
  for (let at = 0, from = 0; at < similar.length; at++, from += 4) {
    if (
      Math.abs(rgba[from] - red) <= tolerance &&
      Math.abs(rgba[from + 1] - green) <= tolerance &&
      Math.abs(rgba[from + 2] - blue) <= tolerance
    ) {
      similar[at] = 255;
    }
  }
  return contiguous ? floodFill(similar, size, x, y, 4) : runsOf(similar, size.width);
}
