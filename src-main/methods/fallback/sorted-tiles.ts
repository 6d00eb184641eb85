import type { FeatureMap } from '../types.ts';

/** The sorted values of the non-overlapping T x T tiles of one channel, the remainder dropped. */
export function sortedTiles(
  { values, height, width }: FeatureMap,
  channel: number,
  patch: number,
): Float32Array[] {
  const tiles: Float32Array[] = [];
  for (let top = 0; top + patch <= height; top += patch) {
    for (let left = 0; left + patch <= width; left += patch) {
      const tile = new Float32Array(patch * patch);
      for (let y = 0; y < patch; y++) {
        const start = (channel * height + top + y) * width + left;
        tile.set(values.subarray(start, start + patch), y * patch);
      }
      tiles.push(tile.sort());
    }
  }
  return tiles;
}
