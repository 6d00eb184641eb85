import type { Size } from '../geometry.ts';

/** The pixels of a larger image are not compared with its ground truth one by one. */
const MAX_PIXELS = 2 ** 26;
/** Largest number of pixels that are compared of a larger image. */
const MAX_SAMPLED = 2 ** 24;

/**
 * The step of the pixels whose scores are compared with ground truth: 1 for every pixel, N for one at the center of each N x N
 * pixels. It is a power of two, and more than 1 only for images of more than 67 megapixels, so that memory is bounded.
 */
export function evaluationStep(image: Size): number {
  if (image.width * image.height <= MAX_PIXELS) return 1;
  let step = 2;
  while (sampledSize(image, step).width * sampledSize(image, step).height > MAX_SAMPLED) step *= 2;
  return step;
}

/** The number of columns and rows of an image's sampled pixels. */
export function sampledSize({ width, height }: Size, step: number): Size {
  return { width: Math.ceil(width / step), height: Math.ceil(height / step) };
}
