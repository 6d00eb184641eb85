import type { RgbImage } from '../types.ts';

/**
 * Shrinks an image to about `maxPixels` by an integer factor. Each pixel is the mean of `factor` x `factor` pixels, fewer at the
 * right and bottom border. The baselines' published constants are for images of a few hundred pixels per
 * side, and their cost grows faster than the image.
 */
export function shrinkImage(image: RgbImage, maxPixels: number): { image: RgbImage; factor: number } {
  const factor = Math.ceil(Math.sqrt((image.height * image.width) / maxPixels));
  if (factor <= 1) return { image, factor: 1 };
  const height = Math.ceil(image.height / factor);
  const width = Math.ceil(image.width / factor);
  const values = new Float32Array(3 * height * width);
  for (let plane = 0; plane < 3; plane++) {
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        values[(plane * height + y) * width + x] = meanOfCell(image, plane, y * factor, x * factor, factor);
      }
    }
  }
  return { image: { values, height, width }, factor };
}

function meanOfCell(image: RgbImage, plane: number, top: number, left: number, side: number): number {
  const bottom = Math.min(top + side, image.height);
  const right = Math.min(left + side, image.width);
  let sum = 0;
  for (let y = top; y < bottom; y++) {
    const row = (plane * image.height + y) * image.width;
    for (let x = left; x < right; x++) sum += image.values[row + x];
  }
  return sum / ((bottom - top) * (right - left));
}
