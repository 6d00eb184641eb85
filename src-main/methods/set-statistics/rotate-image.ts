import type { Size } from '../../common/geometry.ts';
import type { RgbImage } from '../types.ts';

/**
 * Rotates an image about its center, in its own frame (bilinear). What would be outside of the image is reflected.
 *
 * @param turn fraction of a full turn, counterclockwise
 */
export function rotateImage(image: RgbImage, turn: number): RgbImage {
  if (turn % 1 === 0) return image;
  const { height, width, values } = image;
  const rotated = new Float32Array(values.length);
  const source = rotation(image, turn);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const [sx, sy] = source(x, y);
      const [left, top] = [Math.floor(sx), Math.floor(sy)];
      const [fx, fy] = [sx - left, sy - top];
      const columns = [reflected(left, width), reflected(left + 1, width)];
      const rows = [reflected(top, height) * width, reflected(top + 1, height) * width];
      for (let plane = 0; plane < 3; plane++) {
        const start = plane * height * width;
        const at = (row: number, column: number) => values[start + rows[row] + columns[column]];
        const upper = at(0, 0) * (1 - fx) + at(0, 1) * fx;
        const lower = at(1, 0) * (1 - fx) + at(1, 1) * fx;
        rotated[start + y * width + x] = upper * (1 - fy) + lower * fy;
      }
    }
  }
  return { values: rotated, height, width };
}

/** Rotates a mask of feature positions with its image: each position takes the value of the nearest one. */
export function rotateMask(mask: Uint8Array, { height, width }: Size, turn: number): Uint8Array {
  const source = rotation({ height, width }, turn);
  return Uint8Array.from(mask, (_, at) => {
    const [x, y] = source(at % width, Math.floor(at / width));
    return mask[reflected(Math.round(y), height) * width + reflected(Math.round(x), width)];
  });
}

/** The function from a position of the rotated plane to its source. */
function rotation({ height, width }: Size, turn: number): (x: number, y: number) => [number, number] {
  const [cos, sin] = [Math.cos(2 * Math.PI * turn), Math.sin(2 * Math.PI * turn)].map(
    // Quarter turns are exact.
    (value) => (Math.abs(value) < 1e-12 ? 0 : value),
  );
  const [cx, cy] = [(width - 1) / 2, (height - 1) / 2];
  return (x, y) => [cx + cos * (x - cx) - sin * (y - cy), cy + sin * (x - cx) + cos * (y - cy)];
}

/** Reflects an index into 0..length - 1, without repeating the edge. */
function reflected(at: number, length: number): number {
  if (length === 1) return 0;
  const period = 2 * (length - 1);
  const within = ((at % period) + period) % period;
  return within < length ? within : period - within;
}
