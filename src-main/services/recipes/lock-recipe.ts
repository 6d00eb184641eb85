import type { Recipe } from '../../common/api/recipes.ts';
import { actAs } from '../../store/actor.ts';
import type { Store } from '../../store/store.ts';

/** Locks a recipe. An existing lock is kept. @throws PerchError `NOT_FOUND` */
export function lockRecipe(store: Store, id: number, author: string): Recipe {
  return store.transaction(() => {
    if (!store.recipes.get(id).locked)
      store.recipes.setLock(id, { by: author, at: new Date().toISOString() });
    return store.recipes.get(id);
  });
}

/**
 * Unlocks a recipe, and records it as a revision with the same definition.
 *
 * @throws PerchError `NOT_FOUND`
 */
export function unlockRecipe(store: Store, id: number, author: string, reason: string): Recipe {
  return actAs(author, () =>
    store.transaction(() => {
      const { locked, latest } = store.recipes.get(id);
      if (locked) {
        store.recipes.setLock(id, null);
        store.recipes.addRevision(id, {
          revision: latest.revision + 1,
          author,
          at: new Date().toISOString(),
          reason,
          changes: [`locked: by ${locked.by} at ${locked.at} -> none`],
          definition: latest.definition,
          sha256: latest.sha256,
        });
      }
      return store.recipes.get(id);
    }),
  );
}
