import { Command } from 'commander';
import { recipeNamed } from '../options/recipe-argument.ts';
import { jsonOption, type JsonOption, printJson } from '../output/json.ts';
import { printLine } from '../output/print.ts';
import { formatRecipe, printRecipe } from '../output/print-recipes.ts';
import { type CommandContext, runCommand } from '../run-command.ts';

export function listCommand(): Command {
  return new Command('list')
    .description('list the recipes')
    .addOption(jsonOption())
    .addHelpText('after', '\nExample:\n  perch recipes list')
    .action((options: JsonOption) => runCommand((context) => list(options, context)));
}

export function showCommand(): Command {
  return new Command('show')
    .description("show a recipe's definition and revisions")
    .argument('<recipe>', 'name of the recipe')
    .addOption(jsonOption())
    .addHelpText('after', '\nExample:\n  perch recipes show oxford')
    .action((name: string, options: JsonOption) => runCommand((context) => show(name, options, context)));
}

async function list({ json }: JsonOption, { store, services, signal }: CommandContext): Promise<void> {
  const { recipes } = await services.recipes.list(undefined, signal);
  if (json) return recipes.forEach(printJson);
  if (recipes.length === 0) return printLine('There are no recipes. Create one with perch recipes create.');
  for (const recipe of recipes) printLine(formatRecipe(store, recipe));
}

async function show(name: string, { json }: JsonOption, context: CommandContext): Promise<void> {
  const { id } = await recipeNamed(name, context);
  const { recipe, revisions } = await context.services.recipes.get({ recipe: id }, context.signal);
  if (json) printJson({ ...recipe, revisions });
  else printRecipe(context.store, recipe, revisions);
}
