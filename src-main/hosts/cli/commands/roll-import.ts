import { Command, Option } from 'commander';
import { type Roll, type RollDirection, rollDirection } from '../../../common/api/rolls.ts';
import type { ProviderChoice } from '../../../common/api/schemas.ts';
import { toUnit } from '../../../common/length-text.ts';
import { type ScaleChoice, scaleOf } from '../../../common/scale.ts';
import { providerOption } from '../options/image-options.ts';
import { resolveMethod } from '../options/method-options.ts';
import { ROLL_ARGUMENT, rollNamed } from '../options/roll-argument.ts';
import { scaleOption } from '../options/scale-option.ts';
import { jsonOption, type JsonOption, printJson } from '../output/json.ts';
import { printProblems } from '../output/print-problems.ts';
import { printLine } from '../output/print.ts';
import { formatTable } from '../output/table.ts';
import { followStream } from '../progress/follow-stream.ts';
import { watchRun } from '../progress/watch-run.ts';
import { type CommandContext, runCommand } from '../run-command.ts';

interface StatedOptions extends JsonOption {
  article?: string;
  lot?: string;
  direction?: RollDirection;
  mmPerPixel?: ScaleChoice;
}

const statedOptions = () => [
  new Option('--article <name>', 'article of the roll'),
  new Option('--lot <name>', 'lot of the roll'),
  new Option(
    '--direction <side>',
    'direction of its length in the image (default: the longer side; down for frames)',
  ).choices(rollDirection.options),
  scaleOption(),
];

/** What the options state; the others are left out. */
function stated({ article, lot, direction, mmPerPixel }: StatedOptions) {
  return {
    ...(article === undefined ? {} : { article }),
    ...(lot === undefined ? {} : { lot }),
    ...(direction === undefined ? {} : { direction }),
    ...(mmPerPixel === undefined ? {} : { scale: scaleOf(mmPerPixel) }),
  };
}

export function importCommand(): Command {
  const command = new Command('import')
    .description('import files or folders of frames, each as one roll')
    .argument('<path...>', 'image file, or folder of consecutive frames')
    .option('--class <name>', "texture class (default: the name of the roll's folder)");
  for (const option of statedOptions()) command.addOption(option);
  return command
    .addOption(jsonOption())
    .addHelpText(
      'after',
      `
Files stay where they are. Frames are joined in the order of their names, 2 before 10. A file that a dataset already contains becomes a
roll there. Importing a roll again updates it, and keeps what the options leave out.

Examples:
  perch roll import strip.tif --lot L-17 --mm-per-pixel 0.1
  perch roll import rolls/17 rolls/18 --class twill --mm-per-pixel 0.1x0.12`,
    )
    .action((paths: string[], options: StatedOptions & { class?: string }) =>
      runCommand((context) => importRolls(paths, options, context)),
    );
}

async function importRolls(
  paths: readonly string[],
  options: StatedOptions & { class?: string },
  { services, signal }: CommandContext,
): Promise<void> {
  for (const path of paths) {
    const source = {
      source: { path },
      ...stated(options),
      ...(options.class === undefined ? {} : { textureClass: options.class }),
    };
    const { roll, problems } = await followStream(await services.rolls.import(source, signal), 'imported');
    if (options.json) printJson({ ...roll, problems });
    else printRoll(roll);
    if (!options.json) printProblems(problems);
  }
}

export function listCommand(): Command {
  return new Command('list')
    .description('list the rolls')
    .option('--dataset <name>', 'list the rolls of this dataset only')
    .addOption(jsonOption())
    .addHelpText('after', '\nExample:\n  perch roll list')
    .action(({ dataset, json }: JsonOption & { dataset?: string }) =>
      runCommand(async ({ store, services, signal }) => {
        const of = dataset === undefined ? {} : { dataset: store.datasets.getByName(dataset).id };
        const { rolls } = await services.rolls.list(of, signal);
        if (json) return rolls.forEach(printJson);
        if (rolls.length === 0)
          return printLine('There are no rolls. Import one with `perch roll import PATH`.');
        const rows = rolls.map((roll) => [
          roll.name,
          roll.article,
          roll.lot,
          sizeOf(roll),
          roll.inspectedAt ? 'inspected' : '',
        ]);
        process.stdout.write(formatTable(rows));
      }),
    );
}

export function setCommand(): Command {
  const command = new Command('set')
    .description("change a roll's article, lot, direction or scale")
    .argument(...ROLL_ARGUMENT);
  for (const option of statedOptions()) command.addOption(option);
  return command
    .addOption(jsonOption())
    .addHelpText('after', '\nExample:\n  perch roll set roll-17 --lot L-18 --mm-per-pixel 0.1')
    .action((name: string, options: StatedOptions) =>
      runCommand(async (context) => {
        const { image } = await rollNamed(name, context);
        const roll = await context.services.rolls.update({ image, ...stated(options) }, context.signal);
        if (options.json) printJson(roll);
        else printRoll(roll);
      }),
    );
}

interface InspectOptions extends JsonOption {
  method?: string;
  provider: ProviderChoice;
}

export function inspectCommand(): Command {
  return new Command('inspect')
    .description('inspect a roll that has no result')
    .argument(...ROLL_ARGUMENT)
    .option('--method <name>', 'preset or JSON file (default: the recipe\'s method, or "default")')
    .addOption(providerOption())
    .addOption(jsonOption())
    .addHelpText(
      'after',
      `
Ctrl-C pauses the run; perch runs resume continues in the middle of the roll.

Example:
  perch roll inspect roll-17`,
    )
    .action((name: string, { method, provider, json }: InspectOptions) =>
      runCommand(async (context) => {
        const { services, signal } = context;
        const { image } = await rollNamed(name, context);
        const definition = method === undefined ? {} : { method: await resolveMethod(method) };
        const started = await services.rolls.inspect({ image, provider, ...definition }, signal);
        const run = await watchRun(services.runs, started, 'pause', signal);
        if (json) printJson(run);
        else printLine(`run ${run.id}  ${run.state}`);
        if (run.counts.failed > 0 || run.state !== 'done') process.exitCode = 1;
      }),
    );
}

function printRoll(roll: Roll): void {
  const facts = [roll.name, roll.textureClass, roll.article, roll.lot && `lot ${roll.lot}`, sizeOf(roll)];
  printLine(facts.filter((fact) => fact !== '').join('  '));
}

/** "1024 x 200000 px, 0.10 x 20.00 m, 50 frames" */
function sizeOf({ widthPixels, lengthPixels, scale, frames }: Roll): string {
  const meters = (pixels: number, mm: number) => toUnit(pixels * mm, 'm').toFixed(2);
  return [
    `${widthPixels} x ${lengthPixels} px`,
    scale ? `${meters(widthPixels, scale.across)} x ${meters(lengthPixels, scale.along)} m` : 'no scale',
    ...(frames > 1 ? [`${frames} frames`] : []),
  ].join(', ');
}
