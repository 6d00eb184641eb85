import { writeNpy } from '../../../common/maps/npy.ts';
import type { ResultKey } from '../../../store/results.ts';
import type { Store } from '../../../store/store.ts';
import { summarizeMap } from '../../inspections/summarize-map.ts';

/**
 * Adds a result for an image of `addImages`: a map of 8 x 6 positions with scores from the top left corner
 * on, and 0 elsewhere.
 */
export async function addMap(
  store: Store,
  key: Pick<ResultKey, 'image' | 'method'> & Partial<ResultKey>,
  scores: readonly number[],
): Promise<number> {
  const map = { values: new Float32Array(48), width: 8, height: 6 };
  map.values.set(scores);
  const placed = { map, width: 32, height: 24, extentWidth: 32, extentHeight: 24 };
  const { id } = store.results.add({
    imageSha256: 'f'.repeat(64),
    modelSha256: null,
    versions: {},
    ...key,
    ...summarizeMap(placed, {}, 'CPU'),
    map: await store.blobs.put(writeNpy({ shape: [6, 8], values: map.values })),
  });
  return id;
}
