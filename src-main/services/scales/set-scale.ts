import { PerchError } from '../../common/api/errors.ts';
import type { ScaleSource } from '../../common/api/scale.ts';
import { isSameScale, type Scale, scaleChoiceOf } from '../../common/scale.ts';
import { actAs } from '../../store/actor.ts';
import type { Store } from '../../store/store.ts';
import { assertClasses } from '../datasets/assert-classes.ts';
import { reviseRecipe } from '../recipes/revise-recipe.ts';

/** A scale for a class; null for none. */
export interface ScaleChange {
  dataset: number;
  textureClass: string;
  scale: Scale | null;
  source: ScaleSource;
  author: string;
}

/**
 * Sets a class's scale. An unlocked recipe that decides the class gets a revision with it, and so do all other classes that it
 * decides.
 *
 * @throws PerchError `NOT_FOUND`; `CONFLICT` if a locked recipe has another scale; `INVALID_ARGUMENT` if its limits need the scale
 */
export function setScale(store: Store, { dataset, textureClass, scale, source, author }: ScaleChange): void {
  actAs(author, () =>
    store.transaction(() => {
      assertClasses(store, dataset, [textureClass]);
      const id = store.recipes.listAssigned(dataset).get(textureClass);
      const recipe = id === undefined ? undefined : store.recipes.get(id);
      const former = recipe?.latest.definition.mmPerPixel ?? null;
      if (recipe?.locked && former !== null && !isSameScale(former, scale))
        throw new PerchError(
          'CONFLICT',
          `The recipe "${recipe.name}" decides "${textureClass}" with another scale, and ${recipe.locked.by} locked it. Unlock it to change the scale.`,
        );
      if (recipe && !recipe.locked && !isSameScale(former, scale)) {
        const base = recipe.latest.revision;
        const definition = { mmPerPixel: scale && scaleChoiceOf(scale) };
        const reason = `Scale of ${textureClass}`;
        reviseRecipe(store, { recipe: recipe.id, base, author, reason, definition, scaleSource: source });
      }
      store.classScales.set(dataset, textureClass, scale && { scale, source, author });
    }),
  );
}
