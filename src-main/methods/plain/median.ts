import type { Execution, FeatureMap } from '../types.ts';
import { refuseNonFinite } from './finite.ts';
import { pause } from './pause.ts';

/**
 * The reference that minimises the summed Wasserstein distance to all tiles (paper, eq. 7): cut the map into
 * non-overlapping T x T tiles, sort each tile's values, and take per rank the lower median over the tiles.
 *
 * @returns C ascending lists of T*T values, C x T*T
 */
export async function medianReference(
  features: FeatureMap,
  patch: number,
  execution: Execution,
): Promise<Float32Array> {
  refuseNonFinite(features);
  const { values, channels, height, width } = features;
  const size = patch * patch;
  const tileRows = Math.floor(height / patch);
  const tileColumns = Math.floor(width / patch);
  const reference = new Float32Array(channels * size);
  for (let c = 0; c < channels; c++) {
    await pause(execution, c / channels);
    const tiles: Float32Array[] = [];
    for (let ty = 0; ty < tileRows; ty++) {
      for (let tx = 0; tx < tileColumns; tx++) {
        const tile = new Float32Array(size);
        for (let y = 0; y < patch; y++) {
          const start = (c * height + ty * patch + y) * width + tx * patch;
          tile.set(values.subarray(start, start + patch), y * patch);
        }
        tiles.push(tile.sort());
      }
    }
    for (let rank = 0; rank < size; rank++) {
      const sorted = Float32Array.from(tiles, (tile) => tile[rank]).sort();
      reference[c * size + rank] = sorted[Math.floor((tiles.length - 1) / 2)];
    }
  }
  return reference;
}
