import type { Execution, FeatureMap } from '../types.ts';
import { yieldAndCheck } from '../yield-and-check.ts';
import { assertFinite } from './assert-finite.ts';
import { sortedTiles } from './sorted-tiles.ts';

/**
 * The average reference (paper, Table 7, ablation R): for each rank, the mean over the sorted tiles.
 *
 * @param numbers numbers of the tiles to use, row by row; all tiles if absent
 * @returns C ascending lists of T*T values, C x T*T
 */
export async function meanReference(
  features: FeatureMap,
  patchSize: number,
  execution: Execution,
  numbers?: Uint32Array,
): Promise<Float32Array> {
  assertFinite(features);
  const size = patchSize * patchSize;
  const reference = new Float32Array(features.channels * size);
  for (let c = 0; c < features.channels; c++) {
    await yieldAndCheck(execution, c / features.channels);
    const tiles = sortedTiles(features, c, patchSize, numbers);
    for (let rank = 0; rank < size; rank++) {
      reference[c * size + rank] = tiles.reduce((sum, tile) => sum + tile[rank], 0) / tiles.length;
    }
  }
  return reference;
}
