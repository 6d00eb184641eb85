import { Option } from 'commander';
import { PerchError } from '../../../common/api/errors.ts';
import type { RecipeDefinition } from '../../../common/api/recipes.ts';
import { readInputFile } from '../../../files/read.ts';
import { assertUsable } from '../../../services/recipes/import-recipe.ts';
import { readRecipeFile } from '../../../services/recipes/recipe-file.ts';
import type { CommandContext } from '../run-command.ts';

/** The latest revision of a recipe. */
export interface LoadedRecipe {
  name: string;
  revision: number;
  /** SHA-256 of the definition. */
  sha256: string;
  definition: RecipeDefinition;
}

export const recipeOption = () =>
  new Option('--recipe <file>', 'decide with a recipe: a JSON file, or the name of one in the store');

/**
 * The recipe of a file, which ends in .json, or of the store.
 *
 * @throws PerchError `INVALID_RECIPE` if the file is not a valid recipe, or its method is not available; `NOT_FOUND`
 */
export async function loadRecipe(nameOrFile: string, context: CommandContext): Promise<LoadedRecipe> {
  const { name, latest } = nameOrFile.toLowerCase().endsWith('.json')
    ? await readFile(nameOrFile)
    : findInStore(nameOrFile, context);
  const { revision, sha256, definition } = latest;
  assertUsable(definition, nameOrFile);
  return { name, revision, sha256, definition };
}

async function readFile(path: string) {
  const { name, revisions } = readRecipeFile((await readInputFile(path)).toString('utf8'), path);
  return { name, latest: revisions[revisions.length - 1] };
}

function findInStore(name: string, { store }: CommandContext) {
  const recipes = store.recipes.list();
  const found = recipes.find((recipe) => recipe.name === name);
  if (found) return found;
  const names = recipes.map((recipe) => recipe.name).join(', ');
  const known = names ? `Recipes: ${names}.` : 'The store has none.';
  throw new PerchError('NOT_FOUND', `There is no recipe "${name}". ${known} A recipe file ends in .json.`);
}
