import { PerchError } from '../../common/api/errors.ts';
import { otherImages } from '../../common/api/other-images.ts';
import type { Recipe } from '../../common/api/recipes.ts';
import { listOtherImages } from '../../store/other-images.ts';
import type { Store } from '../../store/store.ts';

interface Class {
  dataset: number;
  textureClass: string;
}

/**
 * Makes the station of a class, if it has one, decide its pieces by the recipe of the class, so that the two never differ.
 *
 * @param recipe null for none
 * @throws PerchError `CONFLICT` for none, because a station needs one; `INVALID_ARGUMENT` as `assertUsable`
 */
export function setStationRecipe(store: Store, place: Class, recipe: number | null): void {
  const station = store.stations.findByClass(place.dataset, place.textureClass);
  if (!station || station.recipe === recipe) return;
  if (recipe === null)
    throw new PerchError(
      'CONFLICT',
      `The station "${station.name}" decides its pieces by the recipe of "${place.textureClass}". Assign another recipe, or remove the station first.`,
    );
  assertUsable(store, place, store.recipes.get(recipe));
  store.stations.change(station.id, { ...station, recipe });
}

/** @throws PerchError `CONFLICT` if the station of a class is watched: a new recipe has no thresholds, so it would decide nothing */
export function assertNotWatched(store: Store, { dataset, textureClass }: Class): void {
  const station = store.stations.findByClass(dataset, textureClass);
  if (!station?.watched) return;
  throw new PerchError(
    'CONFLICT',
    `The station "${station.name}" is watched and decides its pieces by the recipe of "${textureClass}". A new recipe decides nothing until ` +
      'it is calibrated. Stop the station first.',
  );
}

/** @throws PerchError `INVALID_ARGUMENT` if the method of the recipe compares with images that the class does not have */
export function assertUsable(store: Store, place: Class, { name, latest }: Recipe): void {
  const kind = otherImages(latest.definition.method);
  if (kind === 'none' || listOtherImages(store.images, place, kind).length > 0) return;
  throw new PerchError(
    'INVALID_ARGUMENT',
    `The method of the recipe "${name}" compares pieces with normal images of the class "${place.textureClass}", and the folder has none. ` +
      'Import the folder with normal training images first, or choose a recipe whose method needs none.',
  );
}
