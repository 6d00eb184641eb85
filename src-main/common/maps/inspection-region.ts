import type { InspectionRegion, RegionShape } from '../api/regions.ts';
import type { Crop, Point, Size } from '../geometry.ts';
import { fillRings, type Ring } from './mask-polygons.ts';

/** Closed polygons, filled by the even-odd rule, that are part of the region or excluded from it. */
export interface RegionLayer {
  rings: Ring[];
  inside: boolean;
}

/**
 * The region as layers in image pixels, for drawing. Painted in order over an image that is inside if the region includes no
 * shape, and outside otherwise; later layers cover earlier ones. The last layer is the border, if there is one.
 */
export function regionLayers(region: InspectionRegion, size: Size): RegionLayer[] {
  const { border } = region;
  const whole = rectangle(0, 0, size.width, size.height);
  const inner = rectangle(border, border, size.width - 2 * border, size.height - 2 * border);
  const frame = leavesNothing(border, size) ? [whole] : [whole, inner];
  return [
    ...region.include.map((shape) => ({ rings: [ringOf(shape)], inside: true })),
    ...region.exclude.map((shape) => ({ rings: [ringOf(shape)], inside: false })),
    ...(border > 0 ? [{ rings: frame, inside: false }] : []),
  ];
}

/**
 * The problem of a region for an image of this size, as a sentence with its fix; undefined if there is none.
 */
export function regionProblem(region: InspectionRegion, size: Size): string | undefined {
  const image = `an image of ${size.width} x ${size.height} pixels`;
  if (leavesNothing(region.border, size))
    return `A border of ${region.border} px covers all of ${image}. Choose a smaller border.`;
  if (containsPixel(region, size)) return undefined;
  return `The inspection region contains no pixel of ${image}. Include a part of the image, or exclude less.`;
}

/** Cells that are filled at once, so that a large image needs little memory. */
const BAND = 2 ** 22;

function containsPixel(region: InspectionRegion, { width, height }: Size): boolean {
  const image = { width, height, extentWidth: width, extentHeight: height };
  const rows = Math.max(1, Math.floor(BAND / width));
  for (let top = 0; top < height; top += rows) {
    const band = { left: 0, top, width, height: Math.min(rows, height - top) };
    if (regionCells(region, image, image, band).includes(1)) return true;
  }
  return false;
}

/** Whether a region is the whole image, whatever its size. */
export function isWholeImage({ include, exclude, border }: InspectionRegion): boolean {
  return include.length === 0 && exclude.length === 0 && border === 0;
}

/** Whether a pixel's center is inside the region. */
export function isPixelInside(region: InspectionRegion, size: Size, { x, y }: Point): boolean {
  const image = { ...size, extentWidth: size.width, extentHeight: size.height };
  return regionCells(region, image, size, { left: x, top: y, width: 1, height: 1 })[0] === 1;
}

/**
 * The cells of a grid whose centers are inside the region. Left and top edges of a shape are inside, right and bottom edges are
 * not. Cost O(H W + H vertices).
 *
 * @param image its size, and the size in pixels of the area that the grid spans from the top left corner
 * @param part of the grid, in cells; the whole grid if absent
 * @returns part.height x part.width, 1 inside
 */
export function regionCells(
  region: InspectionRegion,
  image: Size & { extentWidth: number; extentHeight: number },
  grid: Size,
  part: Crop = { left: 0, top: 0, ...grid },
): Uint8Array {
  const { left, top, width: columns, height: rows } = part;
  const [scaleX, scaleY] = [grid.width / image.extentWidth, grid.height / image.extentHeight];
  const mask = new Uint8Array(columns * rows).fill(region.include.length === 0 ? 1 : 0);
  const fill = (shape: RegionShape, value: 0 | 1) => {
    const scaled = ringOf(shape).map((coordinate, at) =>
      at % 2 === 0 ? coordinate * scaleX - left : coordinate * scaleY - top,
    );
    fillRings(mask, columns, rows, [scaled], value);
  };
  for (const shape of region.include) fill(shape, 1);
  for (const shape of region.exclude) fill(shape, 0);
  if (region.border === 0) return mask;
  const inBorder = (position: number, scale: number, length: number) => {
    const center = (position + 0.5) / scale;
    return center < region.border || length - center < region.border;
  };
  const borderColumns = Array.from({ length: columns }, (_, x) => inBorder(left + x, scaleX, image.width));
  for (let y = 0; y < rows; y++) {
    const isBorderRow = inBorder(top + y, scaleY, image.height);
    for (let x = 0; x < columns; x++) if (isBorderRow || borderColumns[x]) mask[y * columns + x] = 0;
  }
  return mask;
}

function leavesNothing(border: number, { width, height }: Size): boolean {
  return 2 * border >= Math.min(width, height);
}

function ringOf(shape: RegionShape): Ring {
  return shape.type === 'polygon'
    ? shape.points.flat()
    : rectangle(shape.left, shape.top, shape.width, shape.height);
}

function rectangle(left: number, top: number, width: number, height: number): Ring {
  const [right, bottom] = [left + width, top + height];
  return [left, top, right, top, right, bottom, left, bottom];
}
