import { Command } from 'commander';
import type { Recipe } from '../../../common/api/recipes.ts';
import { resolveDataset } from '../options/dataset-argument.ts';
import { authorOption, reasonOption, recipeNamed } from '../options/recipe-argument.ts';
import { jsonOption, type JsonOption, printJson } from '../output/json.ts';
import { printLine } from '../output/print.ts';
import { formatRecipe } from '../output/print-recipes.ts';
import { type CommandContext, runCommand } from '../run-command.ts';

interface SignedOptions extends JsonOption {
  author: string;
  reason: string;
}

export function lockCommand(): Command {
  return new Command('lock')
    .description('lock a recipe, so that nothing changes it')
    .argument('<recipe>', 'name of the recipe')
    .addOption(authorOption())
    .addOption(jsonOption())
    .addHelpText('after', '\nExample:\n  perch recipes lock oxford --author Ada')
    .action((name: string, { author, json }: SignedOptions) =>
      runCommand(async (context) => {
        const { id: recipe } = await recipeNamed(name, context);
        print(await context.services.recipes.lock({ recipe, author }, context.signal), json, context);
      }),
    );
}

export function unlockCommand(): Command {
  return new Command('unlock')
    .description('unlock a recipe; a revision says who and why')
    .argument('<recipe>', 'name of the recipe')
    .addOption(authorOption())
    .addOption(reasonOption())
    .addOption(jsonOption())
    .addHelpText('after', '\nExample:\n  perch recipes unlock oxford --author Ada --reason "new lamp"')
    .action((name: string, { author, reason, json }: SignedOptions) =>
      runCommand(async (context) => {
        const { id: recipe } = await recipeNamed(name, context);
        print(
          await context.services.recipes.unlock({ recipe, author, reason }, context.signal),
          json,
          context,
        );
      }),
    );
}

interface AssignOptions extends JsonOption {
  class: string;
  dataset: string;
}

export function assignCommand(): Command {
  return new Command('assign')
    .description('make a recipe decide a class of a dataset')
    .argument('<recipe>', 'name of the recipe')
    .requiredOption('--class <name>', 'class that it decides')
    .requiredOption('--dataset <name>', 'name of the dataset')
    .addOption(jsonOption())
    .addHelpText('after', '\nExample:\n  perch recipes assign oxford --class oxford --dataset fabrics')
    .action((name: string, options: AssignOptions) =>
      runCommand(async (context) => {
        const { services, store, signal } = context;
        const { id: recipe } = await recipeNamed(name, context);
        const { id: dataset } = await resolveDataset(options.dataset, false, context);
        await services.recipes.assign({ dataset, textureClass: options.class, recipe }, signal);
        print(store.recipes.get(recipe), options.json, context);
      }),
    );
}

export function removeCommand(): Command {
  return new Command('remove')
    .description('remove a recipe with all its revisions; first make its classes undecided with --release')
    .argument('<recipe>', 'name of the recipe')
    .option('--release', 'let the recipe decide no class first')
    .addHelpText('after', '\nExample:\n  perch recipes remove oxford --release')
    .action((name: string, { release }: { release?: boolean }) =>
      runCommand(async (context) => {
        const { recipes } = context.services;
        const { id, uses } = await recipeNamed(name, context);
        if (release) for (const use of uses) await recipes.assign({ ...use, recipe: null }, context.signal);
        await recipes.remove({ recipe: id }, context.signal);
        printLine(`Removed ${name}.`);
      }),
    );
}

function print(recipe: Recipe, json: boolean | undefined, { store }: CommandContext): void {
  if (json) printJson(recipe);
  else printLine(formatRecipe(store, recipe));
}
