import { PerchError } from '../../common/api/errors.ts';
import type { StoredImage } from '../../store/images.ts';
import type { Store } from '../../store/store.ts';

/**
 * The images of a dataset to inspect: the `test` split of the given classes, or of all.
 *
 * @throws PerchError `NOT_FOUND` if the dataset or a class does not exist
 */
export function selectTestImages(
  store: Store,
  dataset: number,
  classes: readonly string[] | null,
): StoredImage[] {
  const { name } = store.datasets.get(dataset);
  const images = store.images.listByDataset(dataset);
  const known = new Set(images.map(({ textureClass }) => textureClass));
  const unknown = classes?.find((textureClass) => !known.has(textureClass));
  if (unknown !== undefined) {
    throw new PerchError(
      'NOT_FOUND',
      `The dataset "${name}" has no class "${unknown}". Its classes: ${[...known].join(', ')}.`,
    );
  }
  return images.filter(
    ({ split, textureClass }) => split === 'test' && (classes?.includes(textureClass) ?? true),
  );
}
