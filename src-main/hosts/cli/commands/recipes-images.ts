import { resolve } from 'node:path';
import { Command } from 'commander';
import { PerchError } from '../../../common/api/errors.ts';
import { resolveDataset } from '../options/dataset-argument.ts';
import { authorOption } from '../options/recipe-argument.ts';
import { jsonOption, type JsonOption, printJson } from '../output/json.ts';
import { printLine } from '../output/print.ts';
import { formatCount } from '../output/table.ts';
import { type CommandContext, runCommand } from '../run-command.ts';

export function driftCommand(): Command {
  return new Command('drift')
    .description("compare the latest images of a dataset's classes with the good ones of the calibration")
    .argument('<dataset>', 'name of the dataset')
    .addOption(jsonOption())
    .addHelpText(
      'after',
      `
The exit code is 1 if a class is out of control.

Example:
  perch recipes drift fabrics`,
    )
    .action((name: string, options: JsonOption) => runCommand((context) => drift(name, options, context)));
}

interface MarkOptions extends JsonOption {
  remove?: boolean;
  author: string;
}

export function markGoodCommand(): Command {
  return new Command('mark-good')
    .description('mark images as good for calibration')
    .argument('<dataset>', 'name of the dataset')
    .argument('<file...>', 'image files of the dataset')
    .option('--remove', 'remove the marks')
    .addOption(authorOption())
    .addOption(jsonOption())
    .addHelpText('after', '\nExample:\n  perch recipes mark-good fabrics fabrics/oxford/test/001.png')
    .action((name: string, files: string[], options: MarkOptions) =>
      runCommand((context) => markGood(name, files, options, context)),
    );
}

async function drift(name: string, { json }: JsonOption, context: CommandContext): Promise<void> {
  const { id: dataset } = await resolveDataset(name, false, context);
  const { classes } = await context.services.recipes.drift({ dataset }, context.signal);
  if (classes.some(({ alarms }) => alarms.length > 0)) process.exitCode = 1;
  if (json) return classes.forEach(printJson);
  if (classes.length === 0) return printLine(`No calibrated recipe decides a class of ${name}.`);
  for (const { textureClass, points, alarms } of classes) {
    const state = alarms.length === 0 ? 'in control' : 'OUT OF CONTROL';
    printLine(`${textureClass}  ${state}  ${formatCount(points.length, 'image')}`);
    for (const { message, images } of alarms) {
      printLine(`    ${message}`);
      for (const image of images) printLine(`        ${context.store.images.get(image).name}`);
    }
  }
}

async function markGood(
  name: string,
  files: readonly string[],
  { remove = false, author, json }: MarkOptions,
  context: CommandContext,
): Promise<void> {
  const { id: dataset } = await resolveDataset(name, false, context);
  const byPath = Map.groupBy(context.store.images.listByDataset(dataset), ({ path }) => path);
  const images = files.flatMap((file) => {
    const found = byPath.get(resolve(file));
    if (found) return found;
    throw new PerchError('NOT_FOUND', `${file} is not an image of the dataset "${name}".`);
  });
  for (const { id: image } of images)
    await context.services.recipes.markGood({ image, good: !remove, author }, context.signal);
  const marked = context.store.calibrationMarks.list(dataset).length;
  if (json) printJson({ changed: images.map(({ id }) => id), marked });
  else printLine(`${formatCount(marked, 'image')} of ${name} marked as good.`);
}
