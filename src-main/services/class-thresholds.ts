import { classRange } from '../common/maps/class-range.ts';
import type { Store } from '../store/store.ts';

/**
 * The threshold of each class that has results by a method: the one that a person has set, else the one proposed for all
 * its images together.
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
