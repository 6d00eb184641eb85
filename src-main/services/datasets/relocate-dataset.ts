import { existsSync } from 'node:fs';
import { join, relative } from 'node:path';
import { PerchError } from '../../common/api/errors.ts';
import { resolveUserPath } from '../../files/user-path.ts';
import type { Store } from '../../store/store.ts';

/**
 * Sets the new path of a dataset folder. Images keep their results and ground truth. Use `verifyDataset` to
 * check whether the files are unchanged.
 *
 * @throws PerchError `NOT_FOUND` if none of the images is in the folder, `CONFLICT` if another dataset uses the folder
 */
export function relocateDataset(store: Store, dataset: number, path: string): void {
  const { root, name } = store.datasets.get(dataset);
  const to = resolveUserPath(path);
  const places = store.images.listByDataset(dataset).map((image) => join(to, relative(root, image.path)));
  if (!places.some((place) => existsSync(place))) {
    throw new PerchError(
      'NOT_FOUND',
      `${to} does not contain the images of ${name}: neither ${places[0]} nor any other exists. Choose the folder that was ` +
        `called ${root} before.`,
    );
  }
  store.transaction(() => {
    store.datasets.setRoot(dataset, to);
    store.images.relocate(dataset, root, to);
  });
}
