import { PerchError } from '../../common/api/errors.ts';
import { regionSha256 } from '../../files/region-sha256.ts';
import type { Store } from '../../store/store.ts';
import { isSameScale, scaleOf } from '../../common/scale.ts';
import { assertClasses } from '../datasets/assert-classes.ts';
import { assertRegionFits } from '../regions/assert-region-fits.ts';
import { setStationRecipe } from './station-recipe.ts';
import { assertUnlocked } from './revise-recipe.ts';

/**
 * Makes a recipe, or none (null), decide a class, and the pieces of its station. The class adopts the recipe's inspection region and scale.
 *
 * @throws PerchError `NOT_FOUND`, `CONFLICT` for none if the class has a station, `INVALID_ARGUMENT` if the region leaves nothing of an
 * image of the class, or if the station cannot use the recipe
 */
export function assignRecipe(
  store: Store,
  { dataset, textureClass, recipe: id }: { dataset: number; textureClass: string; recipe: number | null },
): void {
  store.transaction(() => {
    assertClasses(store, dataset, [textureClass]);
    if (id !== null) adoptRecipe(store, dataset, textureClass, id);
    setStationRecipe(store, { dataset, textureClass }, id);
    store.recipes.assign(dataset, textureClass, id);
  });
}

/** Gives a class the inspection region and the scale of a recipe. @throws as `assignRecipe` */
export function adoptRecipe(store: Store, dataset: number, textureClass: string, recipe: number): void {
  const { latest } = store.recipes.get(recipe);
  const { region, mmPerPixel } = latest.definition;
  if (regionSha256(region) !== regionSha256(store.classRegions.find(dataset, textureClass))) {
    assertRegionFits(store, dataset, textureClass, region);
    store.classRegions.set(dataset, textureClass, region, latest.author);
  }
  if (mmPerPixel !== null && !isSameScale(mmPerPixel, store.classScales.find(dataset, textureClass))) {
    const origin = { source: 'typed', author: latest.author } as const;
    store.classScales.set(dataset, textureClass, { scale: scaleOf(mmPerPixel), ...origin });
  }
}

/** @throws PerchError `NOT_FOUND`; `CONFLICT` if the recipe is locked or decides a class */
export function removeRecipe(store: Store, id: number): void {
  store.transaction(() => {
    const recipe = store.recipes.get(id);
    assertUnlocked(recipe);
    if (recipe.uses.length > 0) {
      const classes = recipe.uses.map(({ textureClass }) => `"${textureClass}"`).join(', ');
      throw new PerchError(
        'CONFLICT',
        `The recipe "${recipe.name}" decides ${classes}. Assign another recipe, or none, first.`,
      );
    }
    const station = store.stations.list().find((each) => each.recipe === id);
    if (station)
      throw new PerchError(
        'CONFLICT',
        `The recipe "${recipe.name}" decides the pieces of the station "${station.name}". Give it another recipe, or remove it, first.`,
      );
    store.recipes.remove(id);
  });
}
