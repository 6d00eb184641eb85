import { classRange } from '../common/maps/class-range.ts';
import type { Store } from '../store/store.ts';

/**
 * The threshold of each class that has results by a method: the user's if one is set, otherwise the suggested
 * one.
 */
export function classThresholds(store: Store, dataset: number, method: number): Map<string, number> {
  const chosen = new Map(
    store.thresholds.listByMethod(dataset, method).map((each) => [each.textureClass, each.score]),
  );
  const classes = new Map(
    store.images.listByDataset(dataset).map(({ id, textureClass }) => [id, textureClass]),
  );
  const results = Map.groupBy(
    store.results.listByMethod(dataset, method),
    ({ image }) => classes.get(image) ?? '',
  );
  return new Map(
    [...results].map(([name, images]) => [name, classRange(images, chosen.get(name)).threshold]),
  );
}
