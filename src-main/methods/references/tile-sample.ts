import type { Crop, Size } from '../../common/geometry.ts';

/** The most tiles of an image that its reference and its constants come from. */
export const MAX_TILES = 4096;
/** The most values of these tiles, 128 MiB. */
const MAX_VALUES = 2 ** 25;
/** Tiles along the side of a group. A group shares its halo. */
const GROUP_SIDE = 8;
/** The least number of groups that a sample is spread over. */
const LEAST_GROUPS = 64;
/** Places that are tried to find groups inside an inspection region. */
const MAX_PLACES = 4096;

/** Tiles that lie in a rectangle of whole tiles. */
export interface TileGroup {
  /** The rectangle, in positions of the map. */
  area: Crop;
  /** Numbers of the tiles in the rectangle, row by row. */
  numbers: number[];
}

/** The number of tiles that an image of many tiles is sampled with. */
export const tileLimit = (patchSize: number, channels: number, most: number = MAX_TILES): number =>
  Math.max(1, Math.min(most, Math.floor(MAX_VALUES / (channels * patchSize ** 2))));

/** The number of T x T tiles of a map, without the remainder. */
export const tileCount = ({ width, height }: Size, patchSize: number): number =>
  Math.floor(width / patchSize) * Math.floor(height / patchSize);

/**
 * A fixed, evenly spread sample of the tiles of a map: groups of at most 8 x 8 tiles around the points of the Halton sequence with the
 * bases 2 along the longer side and 3 along the other. No tile is in two groups.
 *
 * @param limit the most tiles; at least 1
 * @param isInside whether a tile, by its column and row, may be taken; all tiles if absent
 * @returns groups with at least one tile each; none if no tile that was tried may be taken
 */
export function tileSample(
  map: Size,
  patchSize: number,
  limit: number,
  isInside?: (column: number, row: number) => boolean,
): TileGroup[] {
  const [columns, rows] = [Math.floor(map.width / patchSize), Math.floor(map.height / patchSize)];
  const side = Math.min(GROUP_SIDE, Math.max(1, Math.floor(Math.sqrt(limit / LEAST_GROUPS))));
  const [across, down] = [Math.min(side, columns), Math.min(side, rows)];
  const taken = new Set<number>();
  const groups: TileGroup[] = [];
  const places = isInside ? MAX_PLACES : Math.floor(limit / (across * down));
  for (let place = 1; place <= places && taken.size + across * down <= limit; place++) {
    const [long, short] = [halton(place, 2), halton(place, 3)];
    const [x, y] = columns > rows ? [long, short] : [short, long];
    const left = startOf(x, columns, across);
    const top = startOf(y, rows, down);
    const numbers: number[] = [];
    for (let number = 0; number < across * down; number++) {
      const [column, row] = [left + (number % across), top + Math.floor(number / across)];
      const tile = row * columns + column;
      if (taken.has(tile) || isInside?.(column, row) === false) continue;
      taken.add(tile);
      numbers.push(number);
    }
    const area = {
      left: left * patchSize,
      top: top * patchSize,
      width: across * patchSize,
      height: down * patchSize,
    };
    if (numbers.length > 0) groups.push({ area, numbers });
  }
  return groups;
}

/** The first of `length` tiles around a point in 0..1, inside a side of `count` tiles. */
function startOf(point: number, count: number, length: number): number {
  return Math.min(count - length, Math.max(0, Math.round(point * count - length / 2)));
}

/** The van der Corput sequence: the digits of a number mirrored at the point. */
function halton(index: number, base: number): number {
  let [value, share] = [0, 1 / base];
  for (let rest = index; rest > 0; rest = Math.floor(rest / base), share /= base)
    value += (rest % base) * share;
  return value;
}
