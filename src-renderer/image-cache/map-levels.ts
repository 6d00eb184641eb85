import type { Size } from '../../src-main/common/geometry.ts';
import type { Inspection } from '../../src-main/common/api/schemas.ts';
import type { AnomalyMap } from '../../src-main/common/maps/anomaly-map.ts';
import type { PlacedMap } from '../../src-main/common/maps/placed-map.ts';
import { levelCount, levelSize, TILE_SIDE, tileSize, type TileAddress } from '../../src-main/common/tiles.ts';
import type { Point } from '../viewer/viewport.ts';

/** A map with more positions is never loaded whole. */
const MAX_POSITIONS = 4 * 2 ** 20;

/** Whether a map is too large to load whole. */
export function isLargeMap({ mapWidth, mapHeight }: Inspection): boolean {
  return mapWidth * mapHeight > MAX_POSITIONS;
}

/** A map at several resolutions. A position of level n has the maximum of 2 x 2 positions of level n - 1. */
export interface MapLevels {
  /** Size of level 0. */
  readonly size: Size;
  readonly levels: number;
  /** The scores of a part of a level, which lies inside it. */
  window(level: number, part: Point & Size): Promise<AnomalyMap>;
}

/** A map placed on its image, at several resolutions. */
export interface PlacedLevels extends Omit<PlacedMap, 'map' | 'region'> {
  map: MapLevels;
}

/** Levels of a map that is in memory. */
export class WholeMap implements MapLevels {
  readonly size: Size;
  readonly levels: number;
  readonly #reductions: AnomalyMap[];

  constructor(map: AnomalyMap) {
    this.size = { width: map.width, height: map.height };
    this.levels = levelCount(map);
    this.#reductions = [map];
  }

  async window(level: number, part: Point & Size): Promise<AnomalyMap> {
    const reductions = this.#reductions;
    while (reductions.length <= level) reductions.push(halveByMaximum(reductions[reductions.length - 1]));
    const window = emptyWindow(part);
    copyInto(window, part, reductions[level], { x: 0, y: 0 });
    return window;
  }
}

/** Levels of a map of which only tiles are in memory. */
export class TiledMap implements MapLevels {
  readonly size: Size;
  readonly levels: number;
  readonly #tile: (address: TileAddress) => Promise<AnomalyMap>;

  /** @param tile loads a tile, or returns the cached one */
  constructor(size: Size, tile: (address: TileAddress) => Promise<AnomalyMap>) {
    this.size = size;
    this.levels = levelCount(size);
    this.#tile = tile;
  }

  async window(level: number, part: Point & Size): Promise<AnomalyMap> {
    const window = emptyWindow(part);
    const first = { x: Math.floor(part.x / TILE_SIDE), y: Math.floor(part.y / TILE_SIDE) };
    const loads: Promise<void>[] = [];
    for (let y = first.y; y * TILE_SIDE < part.y + part.height; y++)
      for (let x = first.x; x * TILE_SIDE < part.x + part.width; x++)
        loads.push(
          this.#tile({ level, x, y }).then((tile) => {
            const expected = tileSize(this.size, { level, x, y });
            if (tile.width !== expected.width || tile.height !== expected.height)
              throw new Error(`A tile of the map has ${tile.width} x ${tile.height} positions.`);
            copyInto(window, part, tile, { x: x * TILE_SIDE, y: y * TILE_SIDE });
          }),
        );
    await Promise.all(loads);
    return window;
  }
}

function emptyWindow({ width, height }: Size): AnomalyMap {
  return { values: new Float32Array(width * height), width, height };
}

/** Copies what a source at `at` and a window at `part` have in common. */
function copyInto(window: AnomalyMap, part: Point & Size, source: AnomalyMap, at: Point): void {
  const left = Math.max(part.x, at.x);
  const right = Math.min(part.x + part.width, at.x + source.width);
  const bottom = Math.min(part.y + part.height, at.y + source.height);
  for (let y = Math.max(part.y, at.y); y < bottom; y++) {
    const from = (y - at.y) * source.width - at.x;
    window.values.set(
      source.values.subarray(from + left, from + right),
      (y - part.y) * window.width + left - part.x,
    );
  }
}

/** Halves a map. At odd sides, the last positions are alone. */
export function halveByMaximum({ values, width, height }: AnomalyMap): AnomalyMap {
  const half = levelSize({ width, height }, 1);
  const reduced = new Float32Array(half.width * half.height);
  for (let y = 0; y < half.height; y++) {
    const upper = 2 * y * width;
    const lower = Math.min(2 * y + 1, height - 1) * width;
    for (let x = 0; x < half.width; x++) {
      const left = 2 * x;
      const right = Math.min(left + 1, width - 1);
      reduced[y * half.width + x] = Math.max(
        values[upper + left],
        values[upper + right],
        values[lower + left],
        values[lower + right],
      );
    }
  }
  return { values: reduced, ...half };
}
