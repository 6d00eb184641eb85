import type { Size } from './geometry.ts';

/** Side of a tile in pixels of its level. Tiles at the right and bottom border are smaller. */
export const TILE_SIDE = 512;

/** A larger image, or one with a longer side, is drawn as tiles. Browsers draw no bitmap with a longer side. */
const MAX_PIXELS = 2 ** 26;
const MAX_SIDE = 16_384;

/** Whether an image is too large to be decoded and drawn whole. */
export function needsTiles({ width, height }: Size): boolean {
  return width * height > MAX_PIXELS || Math.max(width, height) > MAX_SIDE;
}

/** The address of a tile: its level, column and row. */
export interface TileAddress {
  level: number;
  x: number;
  y: number;
}

/** The size of a level. Level 0 is the full size, and each level halves the one before, rounded up. */
export function levelSize({ width, height }: Size, level: number): Size {
  const side = 2 ** level;
  return { width: Math.ceil(width / side), height: Math.ceil(height / side) };
}

/** The number of levels. The last level is the first that fits one tile. */
export function levelCount({ width, height }: Size): number {
  return 1 + Math.max(0, Math.ceil(Math.log2(Math.max(width, height) / TILE_SIDE)));
}

/** The number of tile columns and rows of a level. */
export function tileGrid(full: Size, level: number): { columns: number; rows: number } {
  const { width, height } = levelSize(full, level);
  return { columns: Math.ceil(width / TILE_SIDE), rows: Math.ceil(height / TILE_SIDE) };
}

/** Whether a tile exists. */
export function isTile(full: Size, { level, x, y }: TileAddress): boolean {
  if (![level, x, y].every((part) => Number.isInteger(part) && part >= 0)) return false;
  if (level >= levelCount(full)) return false;
  const { columns, rows } = tileGrid(full, level);
  return x < columns && y < rows;
}

/** The size of a tile in pixels of its level. */
export function tileSize(full: Size, { level, x, y }: TileAddress): Size {
  const { width, height } = levelSize(full, level);
  return {
    width: Math.min(TILE_SIDE, width - x * TILE_SIDE),
    height: Math.min(TILE_SIDE, height - y * TILE_SIDE),
  };
}
