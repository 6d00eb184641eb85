import { existsSync } from 'node:fs';
import { Command, Option } from 'commander';
import {
  DEFAULT_EDGE_MARGIN,
  DEFAULT_SIZE_LIMITS,
  type SizeLimits,
  sizeLimits,
} from '../../../common/api/recipes.ts';
import { MM_PER_INCH } from '../../../common/length-text.ts';
import type { ScaleChoice } from '../../../common/scale.ts';
import { resolveDataset } from '../options/dataset-argument.ts';
import {
  addMethodOverrides,
  DEFAULT_METHOD,
  type MethodOverrides,
  resolveMethod,
} from '../options/method-options.ts';
import { collect, nonNegativeInteger, nonNegativeNumber } from '../options/parsers.ts';
import { authorOption, reasonOption } from '../options/recipe-argument.ts';
import { scaleOption } from '../options/scale-option.ts';
import { jsonOption, type JsonOption, printJson } from '../output/json.ts';
import { printError, printLine } from '../output/print.ts';
import { formatRecipe } from '../output/print-recipes.ts';
import { type CommandContext, runCommand } from '../run-command.ts';

interface CreateOptions extends JsonOption, MethodOverrides {
  class: string[];
  dataset: string;
  method: string;
  minArea: number;
  minLength: number;
  unit: SizeLimits['unit'] | 'in';
  edgeMargin: number;
  mmPerPixel?: ScaleChoice;
  author: string;
  reason: string;
}

export function createCommand(): Command {
  const { minArea, minLength, unit } = DEFAULT_SIZE_LIMITS;
  const command = new Command('create')
    .description('create a recipe that decides classes of a dataset')
    .argument('<recipe>', 'name of the recipe')
    .requiredOption('--class <name>', 'class that it decides; can be repeated', collect)
    .requiredOption(
      '--dataset <name>',
      'name of the dataset, or a folder, which is imported first if it is new',
    )
    .option('--method <name>', 'preset or JSON file', DEFAULT_METHOD)
    .option('--min-area <x>', 'smallest area of a region that counts', nonNegativeNumber, minArea)
    .option('--min-length <x>', 'smallest diagonal of its bounding box', nonNegativeNumber, minLength)
    .addOption(
      new Option('--unit <name>', 'unit of these limits: map positions, image pixels, millimeters or inches')
        .choices([...sizeLimits.shape.unit.options, 'in'])
        .default(unit),
    )
    .option(
      '--edge-margin <N>',
      'map positions at each side of the image that do not count',
      nonNegativeInteger,
      DEFAULT_EDGE_MARGIN,
    )
    .addOption(scaleOption('scale of the images: a number, or ACROSSxALONG (default: that of the classes)'))
    .addOption(authorOption())
    .addOption(reasonOption())
    .addOption(jsonOption());
  return addMethodOverrides(command)
    .addHelpText(
      'after',
      `
Examples:
  perch recipes create oxford --class oxford --dataset fabrics
  perch recipes create tiles --class blue --class white --dataset tiles --min-area 2 --unit mm --mm-per-pixel 0.1
  perch recipes create fine --class linen --dataset fabrics --patch-size 5 --min-area 4`,
    )
    .action((name: string, options: CreateOptions) =>
      runCommand((context) => create(name, options, context)),
    );
}

async function create(name: string, options: CreateOptions, context: CommandContext): Promise<void> {
  const { class: classes, dataset, method, minArea, minLength, unit, edgeMargin, mmPerPixel } = options;
  const { author, reason, json } = options;
  const { store, services, signal } = context;
  const id = await datasetOf(dataset, context);
  const before = store.recipes.listAssigned(id);
  const recipe = await services.recipes.create(
    {
      name,
      classes,
      author,
      reason,
      edgeMargin,
      sizeLimits: limitsOf({ unit, minArea, minLength }),
      dataset: id,
      method: await resolveMethod(method, options),
      ...(mmPerPixel !== undefined && { mmPerPixel }),
    },
    signal,
  );
  for (const textureClass of recipe.latest.definition.classes) {
    const previous = before.get(textureClass);
    if (previous !== undefined)
      printError(`"${name}" decides ${textureClass} now, instead of "${store.recipes.get(previous).name}".`);
  }
  if (json) printJson(recipe);
  else printLine(formatRecipe(store, recipe));
}

/** Limits in inches are stored in millimeters. */
function limitsOf({
  unit,
  minArea,
  minLength,
}: Pick<CreateOptions, 'unit' | 'minArea' | 'minLength'>): SizeLimits {
  if (unit !== 'in') return { unit, minArea, minLength };
  return { unit: 'mm', minArea: minArea * MM_PER_INCH ** 2, minLength: minLength * MM_PER_INCH };
}

/** The dataset with a name or of a folder. Imports a folder that is new. */
async function datasetOf(nameOrFolder: string, context: CommandContext): Promise<number> {
  const { datasets } = await context.services.datasets.list(undefined, context.signal);
  const isNew = existsSync(nameOrFolder) && !datasets.some(({ name }) => name === nameOrFolder);
  const { id, name } = await resolveDataset(nameOrFolder, isNew, context);
  if (isNew && !datasets.some((each) => each.id === id))
    printError(`imported ${nameOrFolder} as dataset ${name}`);
  return id;
}
