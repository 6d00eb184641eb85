import { PerchError } from '../../common/api/errors.ts';
import type { Store } from '../../store/store.ts';

/**
 * @throws PerchError `NOT_FOUND` if there is no such dataset, or if it has no images in one of the classes
 */
export function assertClasses(store: Store, dataset: number, classes: readonly string[]): void {
  const { name } = store.datasets.get(dataset);
  const known = new Set(store.datasets.countClasses(dataset).map(({ textureClass }) => textureClass));
  const unknown = classes.find((textureClass) => !known.has(textureClass));
  if (unknown === undefined) return;
  throw new PerchError(
    'NOT_FOUND',
    `The dataset "${name}" has no class "${unknown}". It has: ${[...known].join(', ')}.`,
  );
}
