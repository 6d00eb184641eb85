import type { LabeledMap } from '../../metrics/labeled-map.ts';
import { loadLabeledMap } from './load-labeled-map.ts';
import type { LabeledMapFile } from '../protocol/data-types.ts';

/** Number of maps that are loaded while one is used. */
const AHEAD = 3;

/** Loads maps in order, several ahead of the consumer. */
export async function* prefetchLabeledMaps(
  files: readonly LabeledMapFile[],
  ignoreBorder: number,
): AsyncGenerator<LabeledMap, void, void> {
  const pending: Promise<LabeledMap>[] = [];
  for (let at = 0; at < files.length; at++) {
    for (let next = at + pending.length; next < files.length && pending.length <= AHEAD; next++) {
      const map = loadLabeledMap(files[next], ignoreBorder);
      // If the consumer stops early, failures of prefetched maps are irrelevant.
      map.catch(() => {});
      pending.push(map);
    }
    yield await (pending.shift() as Promise<LabeledMap>);
  }
}
