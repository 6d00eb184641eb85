import { Command, Option } from 'commander';
import { type CalibrationSource, calibrationSource } from '../../../common/api/recipes.ts';
import { addRuleOptions, requiredRuleOf, ruleOf, type RuleOptions } from '../options/calibration-options.ts';
import { nonNegativeInteger, positiveInteger } from '../options/parsers.ts';
import {
  authorOption,
  classOfRecipe,
  reasonOption,
  type RecipeClassOptions,
  recipeClassOptions,
  recipeNamed,
} from '../options/recipe-argument.ts';
import { jsonOption, type JsonOption, printJson } from '../output/json.ts';
import { printLine } from '../output/print.ts';
import { formatCount } from '../output/table.ts';
import { printConfusion, printValidation } from '../output/print-rates.ts';
import { formatCalibration, formatRecipe } from '../output/print-recipes.ts';
import { followStream } from '../progress/follow-stream.ts';
import { type CommandContext, runCommand } from '../run-command.ts';

interface CalibrateOptions extends JsonOption, RecipeClassOptions, RuleOptions {
  good: CalibrationSource;
  author: string;
  reason: string;
}

export function calibrateCommand(): Command {
  const command = new Command('calibrate')
    .description(
      "derive a recipe's thresholds from good and defective images; inspects those without a result",
    )
    .argument('<recipe>', 'name of the recipe')
    .addOption(
      new Option('--good <images>', 'which good images calibrate: training images, test images or all')
        .choices(calibrationSource.options)
        .default('all'),
    );
  addRuleOptions(command);
  for (const option of recipeClassOptions()) command.addOption(option);
  return command
    .addOption(authorOption())
    .addOption(reasonOption())
    .addOption(jsonOption())
    .addHelpText(
      'after',
      `
Images are good or defective by their ground truth, a mark as good, a verdict, or because they are training images. n good images
guarantee at most 1 / (n + 1) false rejects. docs/decisions.md explains the rules.

Examples:
  perch recipes calibrate oxford --good train --false-rejects 0
  perch recipes calibrate oxford --no-escape
  perch recipes calibrate oxford --review 5
  perch recipes calibrate oxford --cost escape=100,false-reject=10,review=1,defects=2`,
    )
    .action((name: string, options: CalibrateOptions) =>
      runCommand((context) => calibrate(name, options, context)),
    );
}

interface ValidateOptions extends JsonOption, RecipeClassOptions, RuleOptions {
  splits: number;
  goodImages?: number;
  seed: number;
}

export function validateCommand(): Command {
  const command = new Command('validate')
    .description("calibrate on random parts of a class's good images and decide the others")
    .argument('<recipe>', 'name of the recipe')
    .option('--splits <N>', 'number of random parts', positiveInteger, 200)
    .option(
      '--good-images <N>',
      'good images that calibrate in each (default: half of them)',
      positiveInteger,
    )
    .option('--seed <N>', 'seed of the random parts', nonNegativeInteger, 0);
  addRuleOptions(command);
  for (const option of recipeClassOptions()) command.addOption(option);
  return command
    .addOption(jsonOption())
    .addHelpText(
      'after',
      `
Prints the mean rates with the 2.5 % and 97.5 % quantiles. Uses the rule of the last calibration unless another one is given.

Examples:
  perch recipes validate oxford --splits 200
  perch recipes validate oxford --splits 200 --good-images 10 --no-escape`,
    )
    .action((name: string, options: ValidateOptions) =>
      runCommand((context) => validate(name, options, context)),
    );
}

async function calibrate(name: string, options: CalibrateOptions, context: CommandContext): Promise<void> {
  const { good: source, author, reason, json } = options;
  const { store, services, signal } = context;
  const rule = requiredRuleOf(options);
  const { id, ...found } = await recipeNamed(name, context);
  const { dataset, textureClass } = classOfRecipe({ id, ...found }, options, context);
  const events = await services.recipes.calibrate(
    { recipe: id, dataset, textureClass, rule, source, author, reason },
    signal,
  );
  const { recipe } = await followStream(events, 'calibrated');
  if (json) return printJson(recipe);
  printLine(formatRecipe(store, recipe));
  printLine(formatCalibration(recipe.latest.definition));
  const scoring = await services.recipes.scores({ recipe: id, dataset, textureClass }, signal);
  const { images, missing } = await followStream(scoring, 'scores');
  printConfusion(images, recipe.latest.definition);
  if (missing.length > 0)
    printLine(
      `${formatCount(missing.length, 'image')} of the class without a result: not in the table. ` +
        `Inspect them with perch runs start ${store.datasets.get(dataset).name} --recipe ${name}.`,
    );
}

async function validate(name: string, options: ValidateOptions, context: CommandContext): Promise<void> {
  const { splits, goodImages: calibrating, seed, json } = options;
  const recipe = await recipeNamed(name, context);
  const { dataset, textureClass } = classOfRecipe(recipe, options, context);
  const rule = ruleOf(options);
  const events = await context.services.recipes.validate(
    {
      recipe: recipe.id,
      dataset,
      textureClass,
      splits,
      seed,
      ...(calibrating !== undefined && { calibrating }),
      ...(rule && { rule }),
    },
    context.signal,
  );
  const { validation } = await followStream(events, 'validated');
  if (json) printJson(validation);
  else printValidation(validation);
}
