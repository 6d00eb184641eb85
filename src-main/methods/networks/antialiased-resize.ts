import type { Size } from '../../common/geometry.ts';
import type { RgbImage } from '../types.ts';

/**
 * Resizes an image: bilinear and, where it shrinks, antialiased, as Pillow and torchvision do. Networks with a fixed input size were
 * trained on such images.
 */
export function antialiasedResize(image: RgbImage, size: Size): RgbImage {
  const { height, width } = image;
  if (size.height === height && size.width === width) return image;
  const columns = filterTaps(width, size.width);
  const rows = filterTaps(height, size.height);
  const values = new Float32Array(3 * size.height * size.width);
  const narrow = new Float32Array(height * size.width);
  for (let channel = 0; channel < 3; channel++) {
    const plane = image.values.subarray(channel * height * width, (channel + 1) * height * width);
    for (let y = 0; y < height; y++)
      for (let x = 0; x < size.width; x++)
        narrow[y * size.width + x] = weighted(plane, columns[x], y * width, 1);
    for (let y = 0; y < size.height; y++)
      for (let x = 0; x < size.width; x++)
        values[(channel * size.height + y) * size.width + x] = weighted(narrow, rows[y], x, size.width);
  }
  return { values, height: size.height, width: size.width };
}

/** Source positions from `first` on, and their weights, which sum to 1. */
interface Taps {
  first: number;
  weights: Float32Array;
}

/** The taps of each target position: a triangle as wide as two target pixels, or two source pixels if those are larger. */
function filterTaps(source: number, target: number): Taps[] {
  const scale = source / target;
  const support = Math.max(scale, 1);
  return Array.from({ length: target }, (_, at) => {
    const center = (at + 0.5) * scale;
    const first = Math.max(0, Math.floor(center - support));
    const last = Math.min(source - 1, Math.ceil(center + support) - 1);
    const raw = Array.from({ length: last - first + 1 }, (_, i) =>
      Math.max(0, 1 - Math.abs(first + i + 0.5 - center) / support),
    );
    const sum = raw.reduce((total, weight) => total + weight, 0);
    return { first, weights: Float32Array.from(raw, (weight) => weight / sum) };
  });
}

function weighted(values: Float32Array, { first, weights }: Taps, from: number, step: number): number {
  let sum = 0;
  for (let i = 0; i < weights.length; i++) sum += weights[i] * values[from + (first + i) * step];
  return sum;
}
