import { PerchError } from '../../common/api/errors.ts';
import type { Recipe, RecipeDefinition } from '../../common/api/recipes.ts';
import { validateMethod } from '../../methods/validate-method.ts';
import { actAs } from '../../store/actor.ts';
import type { Store } from '../../store/store.ts';
import { modelSha256Of } from '../../methods/model-sha256.ts';
import { readRecipeFile } from './recipe-file.ts';

/**
 * Adds a recipe from a file with all its revisions, under another name if its name is taken. The audit log names the person who
 * imports it, not the authors of the revisions.
 *
 * @throws PerchError `INVALID_RECIPE` if the file is not a complete recipe, or its latest revision cannot be
 * used here
 */
export function importRecipe(store: Store, content: string, fileName: string): Recipe {
  const { name, locked, revisions } = readRecipeFile(content, fileName);
  assertUsable(revisions[revisions.length - 1].definition, fileName);
  return actAs('', () =>
    store.transaction(() => {
      const id = store.recipes.add(store.recipes.uniqueName(name), revisions);
      store.recipes.setLock(id, locked);
      return store.recipes.get(id);
    }),
  );
}

/** @throws PerchError `INVALID_RECIPE` if the method or its model is not available */
export function assertUsable({ method, modelSha256 }: RecipeDefinition, fileName: string): void {
  const refuse = (reason: string, cause?: PerchError) =>
    new PerchError('INVALID_RECIPE', `${fileName} cannot be used here: ${reason}`, cause, cause?.hint);
  let own: string | null;
  try {
    validateMethod(method);
    own = modelSha256Of(method);
  } catch (thrown) {
    if (!(thrown instanceof PerchError)) throw thrown;
    throw refuse(thrown.message, thrown);
  }
  if (own === modelSha256) return;
  const model = 'network' in method ? method.network : 'extractor' in method ? method.extractor : '';
  throw refuse(
    `its model "${model}" has the SHA-256 ${modelSha256 ?? 'of no file'}, and yours has ${own ?? 'none'}. ` +
      'Import the model that the recipe was created with.',
  );
}
