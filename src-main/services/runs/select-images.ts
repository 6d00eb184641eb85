import type { RunSplit } from '../../common/api/runs.ts';
import type { StoredImage } from '../../store/images.ts';
import type { Store } from '../../store/store.ts';
import { assertClasses } from '../datasets/assert-classes.ts';

/**
 * A dataset's images to inspect: a split of the given classes, or of all classes.
 *
 * @throws PerchError `NOT_FOUND` if the dataset or a class does not exist
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
