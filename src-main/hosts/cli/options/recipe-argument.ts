import os from 'node:os';
import { Option } from 'commander';
import { PerchError } from '../../../common/api/errors.ts';
import type { Recipe } from '../../../common/api/recipes.ts';
import type { CommandContext } from '../run-command.ts';

export const authorOption = () =>
  new Option('--author <name>', 'name of the author').default(os.userInfo().username);

export const reasonOption = () => new Option('--reason <text>', 'why the recipe changes').default('');

/** Options that choose a class of a recipe. */
export interface RecipeClassOptions {
  class?: string;
  dataset?: string;
}

export const recipeClassOptions = () => [
  new Option('--class <name>', 'class of the images (default: the only class of the recipe)'),
  new Option('--dataset <name>', 'dataset of the class (default: the only dataset of the recipe)'),
];

/** @throws PerchError `NOT_FOUND`, with the existing names */
export async function recipeNamed(name: string, { services, signal }: CommandContext): Promise<Recipe> {
  const { recipes } = await services.recipes.list(undefined, signal);
  const found = recipes.find((recipe) => recipe.name === name);
  if (found) return found;
  const names = recipes.map((recipe) => recipe.name).join(', ');
  const known = names ? `Recipes: ${names}.` : 'Create one with perch recipes create.';
  throw new PerchError('NOT_FOUND', `There is no recipe "${name}". ${known}`);
}

/**
 * The class that a recipe decides, chosen by the options.
 *
 * @throws PerchError `INVALID_ARGUMENT` unless exactly one of its classes matches
 */
export function classOfRecipe(
  recipe: Recipe,
  options: RecipeClassOptions,
  { store }: CommandContext,
): { dataset: number; textureClass: string } {
  const uses = recipe.uses.map((use) => ({ ...use, name: store.datasets.get(use.dataset).name }));
  const matching = uses.filter(
    ({ name, textureClass }) =>
      name === (options.dataset ?? name) && textureClass === (options.class ?? textureClass),
  );
  if (matching.length === 1) return matching[0];
  const classes = uses.map(({ name, textureClass }) => `${textureClass} of ${name}`).join(', ');
  throw new PerchError(
    'INVALID_ARGUMENT',
    classes === ''
      ? `The recipe "${recipe.name}" decides no class. Assign it with perch recipes assign.`
      : `Choose one class of the recipe "${recipe.name}" with --class and --dataset: ${classes}.`,
  );
}
