import { basename } from 'node:path';
import { Command } from 'commander';
import { readRegular } from '../../../files/read.ts';
import { writeFileAtomic } from '../../../files/write.ts';
import { recipeNamed } from '../options/recipe-argument.ts';
import { displayPath } from '../output/display-path.ts';
import { jsonOption, type JsonOption, printJson } from '../output/json.ts';
import { printLine } from '../output/print.ts';
import { formatRecipe } from '../output/print-recipes.ts';
import { type CommandContext, runCommand } from '../run-command.ts';

export function exportCommand(): Command {
  return new Command('export')
    .description('write a recipe with all its revisions to a JSON file')
    .argument('<recipe>', 'name of the recipe')
    .argument('<file>', 'file to write')
    .addOption(jsonOption())
    .addHelpText('after', '\nExample:\n  perch recipes export oxford oxford.json')
    .action((name: string, file: string, options: JsonOption) =>
      runCommand((context) => exportRecipe(name, file, options, context)),
    );
}

export function importCommand(): Command {
  return new Command('import')
    .description('add the recipe of a file; assign classes to it afterwards')
    .argument('<file>', 'recipe file')
    .addOption(jsonOption())
    .addHelpText('after', '\nExample:\n  perch recipes import oxford.json')
    .action((file: string, options: JsonOption) =>
      runCommand((context) => importRecipe(file, options, context)),
    );
}

async function exportRecipe(
  name: string,
  file: string,
  { json }: JsonOption,
  context: CommandContext,
): Promise<void> {
  const { id, latest } = await recipeNamed(name, context);
  const { content } = await context.services.recipes.export({ recipe: id }, context.signal);
  await writeFileAtomic(file, Buffer.from(content));
  if (json) printJson({ file, name, revision: latest.revision, sha256: latest.sha256 });
  else printLine(`${displayPath(file)}  ${name}, r${latest.revision}`);
}

async function importRecipe(
  file: string,
  { json }: JsonOption,
  { services, store, signal }: CommandContext,
): Promise<void> {
  const content = (await readRegular(file)).toString('utf8');
  const recipe = await services.recipes.import({ content, fileName: basename(file) }, signal);
  if (json) printJson(recipe);
  else printLine(formatRecipe(store, recipe));
}
