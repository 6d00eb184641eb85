import type { FeatureMap } from '../types.ts';

/**
 * The sorted values of the non-overlapping T x T tiles of a channel. The remaining rows and columns are
 * dropped.
 *
 * @param numbers numbers of the tiles to use, row by row; all tiles if absent
 */
export function sortedTiles(
  { values, height, width }: FeatureMap,
  channel: number,
  patchSize: number,
  numbers?: Uint32Array,
): Float32Array[] {
  const tiles: Float32Array[] = [];
  for (let top = 0; top + patchSize <= height; top += patchSize) {
    for (let left = 0; left + patchSize <= width; left += patchSize) {
      const tile = new Float32Array(patchSize * patchSize);
      for (let y = 0; y < patchSize; y++) {
        const start = (channel * height + top + y) * width + left;
        tile.set(values.subarray(start, start + patchSize), y * patchSize);
      }
      tiles.push(tile.sort());
    }
  }
  return numbers ? Array.from(numbers, (number) => tiles[number]) : tiles;
}
