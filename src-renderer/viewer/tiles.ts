import { levelCount, tileGrid, TILE_SIDE, tileSize, type TileAddress } from '../../src-main/common/tiles.ts';
import type { Point, Size } from './viewport.ts';

/** Pixels that are drawn as tiles, because the image is too large for one bitmap. */
export interface TileSource {
  /** Size of the image in pixels. */
  readonly size: Size;
  /** A tile's pixels if they have loaded. */
  peek(address: TileAddress): ImageBitmap | undefined;
  /** The whole image at a low resolution, drawn where no tile has loaded. */
  readonly preview: ImageBitmap | undefined;
  /** Loads the tiles of a part of the image, and cancels those of earlier parts. */
  show(level: number, part: Point & Size): void;
}

/** The level whose pixels are at most two per device pixel. @param zoom device pixels per image pixel */
export function levelFor(zoom: number, size: Size): number {
  return Math.min(Math.max(Math.floor(-Math.log2(zoom) + 1e-9), 0), levelCount(size) - 1);
}

/** The tiles of a level that overlap a part of the image, those at its center first. */
export function tilesOver(size: Size, level: number, part: Point & Size, margin = 0): TileAddress[] {
  const side = TILE_SIDE * 2 ** level;
  const { columns, rows } = tileGrid(size, level);
  const range = (from: number, length: number, count: number) => ({
    first: Math.max(0, Math.floor(from / side) - margin),
    last: Math.min(count - 1, Math.ceil((from + length) / side) - 1 + margin),
  });
  const across = range(part.x, part.width, columns);
  const down = range(part.y, part.height, rows);
  const tiles: TileAddress[] = [];
  for (let y = down.first; y <= down.last; y++)
    for (let x = across.first; x <= across.last; x++) tiles.push({ level, x, y });
  const center = { x: (part.x + part.width / 2) / side - 0.5, y: (part.y + part.height / 2) / side - 0.5 };
  const distance = ({ x, y }: TileAddress) => Math.hypot(x - center.x, y - center.y);
  return tiles.sort((a, b) => distance(a) - distance(b));
}

/** A bitmap, and its part that shows a tile. */
export interface TilePixels {
  bitmap: ImageBitmap;
  part: Point & Size;
}

/** The best loaded pixels of a tile: its own, those of a coarser level, or the preview. */
export function pixelsFor(source: TileSource, address: TileAddress): TilePixels | undefined {
  const { size } = source;
  const { width, height } = tileSize(size, address);
  const top = levelCount(size) - 1;
  for (let up = 0; address.level + up <= top; up++) {
    const factor = 2 ** up;
    const [x, y] = [Math.floor(address.x / factor), Math.floor(address.y / factor)];
    const bitmap = source.peek({ level: address.level + up, x, y });
    if (!bitmap) continue;
    const left = (address.x * TILE_SIDE) / factor - x * TILE_SIDE;
    const upper = (address.y * TILE_SIDE) / factor - y * TILE_SIDE;
    // The last pixel of a level that is rounded up covers less than two pixels of the finer one.
    const part = {
      x: left,
      y: upper,
      width: Math.min(width / factor, bitmap.width - left),
      height: Math.min(height / factor, bitmap.height - upper),
    };
    return { bitmap, part };
  }
  const { preview } = source;
  if (!preview || preview.width === 0) return undefined;
  const [across, down] = [preview.width / size.width, preview.height / size.height];
  const pixel = 2 ** address.level;
  const [x, y] = [address.x * TILE_SIDE * pixel * across, address.y * TILE_SIDE * pixel * down];
  return {
    bitmap: preview,
    part: {
      x,
      y,
      width: Math.min(width * pixel * across, preview.width - x),
      height: Math.min(height * pixel * down, preview.height - y),
    },
  };
}
