import { classRange, rangeResults } from '../common/maps/class-range.ts';
import type { Store } from '../store/store.ts';

/**
 * The threshold of each class that has results by a method: the user's if one is set, otherwise the suggested
 * one.
 */
export function classThresholds(store: Store, dataset: number, method: number): Map<string, number> {
  const chosen = new Map(
    store.thresholds.listByMethod(dataset, method).map((each) => [each.textureClass, each.score]),
  );
  const images = new Map(store.images.listByDataset(dataset).map((image) => [image.id, image]));
  const results = Map.groupBy(
    store.results.listByMethod(dataset, method),
    ({ image }) => images.get(image)?.textureClass ?? '',
  );
  const isTest = (image: number) => images.get(image)?.split === 'test';
  return new Map(
    [...results].map(([name, ofClass]) => [
      name,
      classRange(rangeResults(ofClass, isTest), chosen.get(name)).threshold,
    ]),
  );
}
