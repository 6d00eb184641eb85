import type { RgbImage } from '../types.ts';

/** Pads an image at the right and bottom by reflection, so that both sides are multiples of `multiple`. */
export function padToMultiple(image: RgbImage, multiple: number): RgbImage {
  const padded = (side: number) => Math.ceil(side / multiple) * multiple;
  const [height, width] = [padded(image.height), padded(image.width)];
  if (height === image.height && width === image.width) return image;
  const values = new Float32Array(3 * height * width);
  const columns = Int32Array.from({ length: width }, (_, x) => reflected(x, image.width));
  for (let channel = 0; channel < 3; channel++)
    for (let y = 0; y < height; y++) {
      const from = (channel * image.height + reflected(y, image.height)) * image.width;
      const to = (channel * height + y) * width;
      for (let x = 0; x < width; x++) values[to + x] = image.values[from + columns[x]];
    }
  return { values, height, width };
}

/** The position inside 0..side - 1 that a position is mirrored to; the edge itself is not repeated. */
function reflected(position: number, side: number): number {
  if (side === 1) return 0;
  const period = 2 * (side - 1);
  const within = position % period;
  return within < side ? within : period - within;
}
