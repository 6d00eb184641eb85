import { flood } from './flood.ts';
import type { Size } from './mask.ts';
import { runsOf, type Runs } from './runs.ts';

/**
 * The pixels of an image that look like the one at a place: no channel differs from it by more than `tolerance`.
 *
 * @param rgba 8-bit RGBA, row by row; alpha is not looked at
 * @param x, y the place, in pixels, inside the image
 * @param tolerance 0..255
 * @param contiguous only those connected (by sides) with the place
 */
export function wand(
  rgba: Uint8ClampedArray,
  size: Size,
  x: number,
  y: number,
  tolerance: number,
  contiguous: boolean,
): Runs {
  const alike = new Uint8Array(size.width * size.height);
  const place = 4 * (y * size.width + x);
  const red = rgba[place];
  const green = rgba[place + 1];
  const blue = rgba[place + 2];
  for (let at = 0, from = 0; at < alike.length; at++, from += 4) {
    if (
      Math.abs(rgba[from] - red) <= tolerance &&
      Math.abs(rgba[from + 1] - green) <= tolerance &&
      Math.abs(rgba[from + 2] - blue) <= tolerance
    ) {
      alike[at] = 255;
    }
  }
  return contiguous ? flood(alike, size, x, y, 4) : runsOf(alike, size.width);
}
