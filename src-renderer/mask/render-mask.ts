import type { Transform } from '../viewer/canvas-target.ts';
import type { Pyramid } from './pyramid.ts';
import { EMPTY, intersection, type Rectangle } from './rectangle.ts';

/** Colors as 0xAABBGGRR, not premultiplied. */
export interface MaskColors {
  inside: number;
  outline: number;
  halo: number;
}

/**
 * Widths, in canvas pixels, of the outline inside the mask and of the halo around it. `erodeOutline` and
 * `dilateHalo` are specialized for them.
 */
const OUTLINE = 2;
const HALO = 1;

/** The part of the canvas that shows a rectangle of the image, including outline and halo. */
export function toCanvas(part: Rectangle, { scale, left, top }: Transform): Rectangle {
  if (part.width <= 0) return EMPTY;
  const margin = OUTLINE + HALO;
  // A cell of the pyramid can be two canvas pixels wide and extend beyond the rectangle.
  const overhang = Math.max(1, 2 / scale);
  const x = Math.floor(left + (part.x - overhang) * scale) - margin;
  const y = Math.floor(top + (part.y - overhang) * scale) - margin;
  return {
    x,
    y,
    width: Math.ceil(left + (part.x + part.width + overhang) * scale) + margin - x,
    height: Math.ceil(top + (part.y + part.height + overhang) * scale) + margin - y,
  };
}

/**
 * Renders a part of the canvas: the filled mask with an outline of constant width at any zoom.
 * Cost O(pixels of the part), independent of the size of the mask.
 *
 * @param part in canvas pixels
 * @returns RGBA, row by row
 */
export function renderMask(
  { levels }: Pyramid,
  { scale, left, top }: Transform,
  part: Rectangle,
  colors: MaskColors,
): Uint8ClampedArray<ArrayBuffer> {
  const n = Math.min(levels.length - 1, Math.max(0, Math.ceil(Math.log2(1 / scale) - 1e-6)));
  const level = levels[n];
  const margin = OUTLINE + HALO;
  const width = part.width + 2 * margin;
  const height = part.height + 2 * margin;
  const columns = cellsAlong(part.x - margin, width, left, scale * 2 ** n, level.width);
  const rows = cellsAlong(part.y - margin, height, top, scale * 2 ** n, level.height);

  const inside = new Uint8Array(width * height);
  for (let y = 0; y < height; y++) {
    if (rows[y] < 0) continue;
    for (let x = 0; x < width; x++) {
      if (columns[x] >= 0) inside[y * width + x] = level.at(columns[x], rows[y]);
    }
  }
  const core = erodeOutline(inside, width);
  const around = dilateHalo(inside, width);

  const rgba = new Uint32Array(part.width * part.height);
  for (let y = 0; y < part.height; y++) {
    const from = (y + margin) * width + margin;
    for (let x = 0; x < part.width; x++) {
      const at = from + x;
      if (around[at] === 0) continue;
      rgba[y * part.width + x] =
        core[at] !== 0 ? colors.inside : inside[at] !== 0 ? colors.outline : colors.halo;
    }
  }
  return new Uint8ClampedArray(rgba.buffer);
}

export function clipToCanvas(part: Rectangle, width: number, height: number): Rectangle {
  return intersection(part, { x: 0, y: 0, width, height });
}

/** The cell under the center of each canvas pixel along an axis; -1 outside the image. */
function cellsAlong(from: number, count: number, origin: number, cell: number, cells: number): Int32Array {
  return Int32Array.from({ length: count }, (_, i) => {
    const at = Math.floor((from + i + 0.5 - origin) / cell);
    return at >= 0 && at < cells ? at : -1;
  });
}

/** Erosion by a square of `OUTLINE` pixels on each side. */
function erodeOutline(pixels: Uint8Array, width: number): Uint8Array {
  const across = new Uint8Array(pixels.length);
  const both = new Uint8Array(pixels.length);
  for (let at = 2; at < pixels.length - 2; at++) {
    across[at] = pixels[at - 2] & pixels[at - 1] & pixels[at] & pixels[at + 1] & pixels[at + 2];
  }
  const [one, two] = [width, 2 * width];
  for (let at = two; at < pixels.length - two; at++) {
    both[at] = across[at - two] & across[at - one] & across[at] & across[at + one] & across[at + two];
  }
  return both;
}

/** Dilation by a square of `HALO` pixels on each side. */
function dilateHalo(pixels: Uint8Array, width: number): Uint8Array {
  const across = new Uint8Array(pixels.length);
  const both = new Uint8Array(pixels.length);
  for (let at = 1; at < pixels.length - 1; at++) across[at] = pixels[at - 1] | pixels[at] | pixels[at + 1];
  for (let at = width; at < pixels.length - width; at++) {
    both[at] = across[at - width] | across[at] | across[at + width];
  }
  return both;
}
