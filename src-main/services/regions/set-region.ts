import type { InspectionRegion } from '../../common/api/regions.ts';
import { regionSha256 } from '../../files/region-sha256.ts';
import { actAs } from '../../store/actor.ts';
import type { Store } from '../../store/store.ts';
import { assertClasses } from '../datasets/assert-classes.ts';
import { reviseRecipe } from '../recipes/revise-recipe.ts';
import { assertRegionFits } from './assert-region-fits.ts';

/** A region for a class; null for the whole image. */
export interface RegionChange {
  dataset: number;
  textureClass: string;
  region: InspectionRegion | null;
  author: string;
}

/**
 * Sets a class's region. The recipe that decides the class gets a revision, and so do all other classes that
 * it decides.
 *
 * @throws PerchError `NOT_FOUND`; `CONFLICT` if the recipe is locked; `INVALID_ARGUMENT` if the region leaves
 * nothing of an image
 */
export function setRegion(store: Store, { dataset, textureClass, region, author }: RegionChange): void {
  actAs(author, () =>
    store.transaction(() => {
      assertClasses(store, dataset, [textureClass]);
      if (regionSha256(region) === regionSha256(store.classRegions.find(dataset, textureClass))) return;
      const recipe = store.recipes.listAssigned(dataset).get(textureClass);
      if (recipe === undefined) {
        assertRegionFits(store, dataset, textureClass, region);
        store.classRegions.set(dataset, textureClass, region, author);
        return;
      }
      const base = store.recipes.get(recipe).latest.revision;
      const reason = `Inspection region of ${textureClass}`;
      reviseRecipe(store, { recipe, base, author, reason, definition: { region } });
    }),
  );
}
