import { Command, InvalidArgumentError, Option } from 'commander';
import { PerchError } from '../../../common/api/errors.ts';
import type { ScaleProposal, ScaleSource } from '../../../common/api/scale.ts';
import { MM_PER_INCH } from '../../../common/length-text.ts';
import { formatScale, type Scale, type ScaleChoice, scaleOf } from '../../../common/scale.ts';
import type { Store } from '../../../store/store.ts';
import { authorOption } from '../options/recipe-argument.ts';
import { parseMeasurement, scaleOption } from '../options/scale-option.ts';
import { jsonOption, type JsonOption, printJson } from '../output/json.ts';
import { printLine } from '../output/print.ts';
import { formatCount } from '../output/table.ts';
import { type CommandContext, runCommand } from '../run-command.ts';

export function scalesCommand(): Command {
  return new Command('scales')
    .description("list the scales of a dataset's classes, and those that their files declare")
    .argument('<dataset>', 'name of the dataset')
    .addOption(jsonOption())
    .addHelpText('after', '\nExample:\n  perch datasets scales fabrics')
    .action((name: string, options: JsonOption) =>
      runCommand((context) => listScales(name, options, context)),
    );
}

interface SetScaleOptions {
  mmPerPixel?: ScaleChoice;
  dpi?: number;
  measured?: number;
  fromFiles?: boolean;
  clear?: boolean;
  author: string;
}

export function setScaleCommand(): Command {
  const choices = ['mmPerPixel', 'dpi', 'measured', 'fromFiles', 'clear'];
  const one = (option: Option) => option.conflicts(choices.filter((name) => name !== option.attributeName()));
  return new Command('set-scale')
    .description('set how many millimeters a pixel of a class has')
    .argument('<dataset>', 'name of the dataset')
    .argument('[class]', 'name of the class (default: all classes)')
    .addOption(one(scaleOption()))
    .addOption(one(new Option('--dpi <x>', 'pixels per inch').argParser(dpi)))
    .addOption(
      one(
        new Option('--measured <length=pixels>', 'a known length and its pixels, as in 25.4mm=312').argParser(
          parseMeasurement,
        ),
      ),
    )
    .addOption(one(new Option('--from-files', 'the resolution that the image files declare')))
    .addOption(one(new Option('--clear', 'no scale: sizes are in pixels')))
    .addOption(authorOption())
    .addHelpText(
      'after',
      `
Across is the width of the image, and along its height; for a roll, along is the direction of its length. A recipe that decides the
class gets a revision with the scale; its thresholds are cleared if its size limits are in millimeters.

Examples:
  perch datasets set-scale fabrics --mm-per-pixel 0.1
  perch datasets set-scale fabrics oxford --mm-per-pixel 0.1x0.12
  perch datasets set-scale fabrics oxford --measured 50mm=412
  perch datasets set-scale fabrics --from-files`,
    )
    .action((name: string, textureClass: string | undefined, options: SetScaleOptions) =>
      runCommand((context) => setScales(name, textureClass, options, context)),
    );
}

function dpi(text: string): number {
  const value = Number(text);
  if (value > 0 && value < Infinity) return value;
  throw new InvalidArgumentError('Must be a number above 0.');
}

async function listScales(
  name: string,
  { json }: JsonOption,
  { services, store, signal }: CommandContext,
): Promise<void> {
  const dataset = store.datasets.getByName(name).id;
  const { scales, proposals } = await services.scales.list({ dataset }, signal);
  const classes = classesOf(store, dataset);
  const width = Math.max(...classes.map(({ length }) => length));
  for (const textureClass of classes) {
    const own = scales.find((scale) => scale.textureClass === textureClass);
    const proposed = proposals.filter((proposal) => proposal.textureClass === textureClass);
    if (json) {
      printJson({ ...(own ?? { textureClass, scale: null }), proposals: proposed });
      continue;
    }
    const origin = own && (own.source === 'file' ? 'from its files' : `${own.source} by ${own.author}`);
    printLine(
      `${textureClass.padEnd(width)}  ${own ? `${formatScale(own.scale)}  (${origin}, ${own.at.slice(0, 10)})` : 'no scale'}`,
    );
    for (const proposal of proposed) printLine(`${' '.repeat(width)}  ${proposalText(proposal)}`);
  }
}

/** "12 images declare 0.353 mm per pixel. Programs write 72 dpi where they know no resolution." */
function proposalText({ images, scale, doubt }: ScaleProposal): string {
  const declare = `${formatCount(images, 'image')} ${images === 1 ? 'declares' : 'declare'}`;
  return `${declare} ${formatScale(scale)}.${doubt === undefined ? '' : ` ${doubt}`}`;
}

async function setScales(
  name: string,
  only: string | undefined,
  { author, ...options }: SetScaleOptions,
  { services, store, signal }: CommandContext,
): Promise<void> {
  const dataset = store.datasets.getByName(name).id;
  const classes = only === undefined ? classesOf(store, dataset) : [only];
  const changes = options.fromFiles
    ? declaredScales(await services.scales.list({ dataset }, signal), classes)
    : classes.map((textureClass) => ({ textureClass, ...typedScale(options) }));
  if (changes.length === 0) printLine('Every class has the scale of its files already.');
  for (const { textureClass, scale, source } of changes) {
    await services.scales.set({ dataset, textureClass, scale, source, author }, signal);
    printLine(`${name}, ${textureClass}: ${scale ? formatScale(scale) : 'no scale'}.`);
  }
}

const classesOf = (store: Store, dataset: number): string[] =>
  store.datasets.countClasses(dataset).map(({ textureClass }) => textureClass);

/**
 * The scales that the files of classes declare, which a person has now confirmed.
 *
 * @throws PerchError `INVALID_ARGUMENT` if the files of a class declare none, or several
 */
function declaredScales(
  { scales, proposals }: Awaited<ReturnType<CommandContext['services']['scales']['list']>>,
  classes: readonly string[],
): { textureClass: string; scale: Scale; source: ScaleSource }[] {
  return classes.flatMap((textureClass) => {
    const known = scales.some((own) => own.textureClass === textureClass && own.source === 'file');
    const declared = proposals.filter((proposal) => proposal.textureClass === textureClass);
    if (declared.length === 1) return { textureClass, scale: declared[0].scale, source: 'file' };
    if (known && declared.length === 0) return [];
    throw new PerchError(
      'INVALID_ARGUMENT',
      declared.length === 0
        ? `The files of "${textureClass}" declare no resolution other than its scale. Set the scale with --mm-per-pixel or --measured.`
        : `The files of "${textureClass}" declare ${declared.length} resolutions. Set the scale with --mm-per-pixel or --measured.`,
    );
  });
}

/** @throws PerchError `INVALID_ARGUMENT` unless one option is given */
function typedScale({ mmPerPixel, dpi: resolution, measured, clear }: Omit<SetScaleOptions, 'author'>): {
  scale: Scale | null;
  source: ScaleSource;
} {
  if (mmPerPixel !== undefined) return { scale: scaleOf(mmPerPixel), source: 'typed' };
  if (resolution !== undefined) return { scale: scaleOf(MM_PER_INCH / resolution), source: 'typed' };
  if (measured !== undefined) return { scale: scaleOf(measured), source: 'measured' };
  if (clear) return { scale: null, source: 'typed' };
  throw new PerchError(
    'INVALID_ARGUMENT',
    'Choose a scale with --mm-per-pixel, --dpi, --measured, --from-files or --clear.',
  );
}
