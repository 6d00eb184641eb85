import { classRange } from '../common/maps/class-range.ts';
import type { Store } from '../store/store.ts';

/**
<<<<<<< HEAD
 * The threshold of each class that has results by a method: the user's if one is set, otherwise the suggested
 * one.
=======
 * The threshold of each class that has results by a method: the one that a person has set, else the one proposed for all
 * its test images together.
>>>>>>> 4d4a681 (Inspect training images for calibration)
 */
export function classThresholds(store: Store, dataset: number, method: number): Map<string, number> {
  const chosen = new Map(
    store.thresholds.listByMethod(dataset, method).map((each) => [each.textureClass, each.score]),
  );
  const classes = new Map(
    store.images
      .listByDataset(dataset)
      .filter(({ split }) => split === 'test')
      .map(({ id, textureClass }) => [id, textureClass]),
  );
  const results = Map.groupBy(
    store.results.listByMethod(dataset, method).filter(({ image }) => classes.has(image)),
    ({ image }) => classes.get(image) ?? '',
  );
  return new Map(
    [...results].map(([name, images]) => [name, classRange(images, chosen.get(name)).threshold]),
  );
}
