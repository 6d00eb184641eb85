import { PerchError } from '../../common/api/errors.ts';
import { regionSha256 } from '../../files/region-sha256.ts';
import type { Store } from '../../store/store.ts';
import { assertClasses } from '../datasets/assert-classes.ts';
import { assertRegionFits } from '../regions/assert-region-fits.ts';
import { assertUnlocked } from './revise-recipe.ts';

/**
 * Makes a recipe, or none (null), decide a class. The class adopts the recipe's inspection region.
 *
 * @throws PerchError `NOT_FOUND`, `INVALID_ARGUMENT` if the region leaves nothing of an image of the class
 */
export function assignRecipe(
  store: Store,
  { dataset, textureClass, recipe: id }: { dataset: number; textureClass: string; recipe: number | null },
): void {
  store.transaction(() => {
    assertClasses(store, dataset, [textureClass]);
    if (id !== null) {
      const { latest } = store.recipes.get(id);
      const { region } = latest.definition;
      if (regionSha256(region) !== regionSha256(store.classRegions.find(dataset, textureClass))) {
        assertRegionFits(store, dataset, textureClass, region);
        store.classRegions.set(dataset, textureClass, region, latest.author);
      }
    }
    store.recipes.assign(dataset, textureClass, id);
  });
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
    store.recipes.remove(id);
  });
}
