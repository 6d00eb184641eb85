import type { RunSplit } from '../../common/api/runs.ts';
import type { StoredImage } from '../../store/images.ts';
import type { Store } from '../../store/store.ts';
import { assertClasses } from '../datasets/assert-classes.ts';

/**
 * The images of a dataset to inspect: those of a split of the given classes, or of all.
 *
 * @throws PerchError `NOT_FOUND` if there is no such dataset or class
 */
export function selectImages(
  store: Store,
  dataset: number,
  classes: readonly string[] | null,
  wanted: RunSplit = 'test',
): StoredImage[] {
  assertClasses(store, dataset, classes ?? []);
  return store.images
    .listByDataset(dataset)
    .filter(
      ({ split, textureClass }) =>
        (wanted === 'all' || split === wanted) && (classes?.includes(textureClass) ?? true),
    );
}
