import type { LabeledMap } from '../../metrics/labeled-map.ts';
import { loadLabeledMap } from './load-labeled-map.ts';
import type { LabeledMapFile } from '../protocol/data-types.ts';

/** How many are read while one is used. */
const AHEAD = 3;

/** Maps in turn, as `judgedMap` has each. */
export async function* prefetchLabeledMaps(
  files: readonly LabeledMapFile[],
  ignoreBorder: number,
): AsyncGenerator<LabeledMap, void, void> {
  const coming: Promise<LabeledMap>[] = [];
  for (let at = 0; at < files.length; at++) {
    for (let next = at + coming.length; next < files.length && coming.length <= AHEAD; next++) {
      const map = loadLabeledMap(files[next], ignoreBorder);
      // Whoever stops before its turn does not hear of its failure.
      map.catch(() => {});
      coming.push(map);
    }
    yield await (coming.shift() as Promise<LabeledMap>);
  }
}
