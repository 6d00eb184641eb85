import { Command, Option } from 'commander';
import { PerchError } from '../../../common/api/errors.ts';
import type { InspectionRegion } from '../../../common/api/regions.ts';
import { formatScale, squarePixel } from '../../../common/scale.ts';
import { length, type Length } from '../options/parsers.ts';
import { authorOption } from '../options/recipe-argument.ts';
import { readRegionFile, REGION_FILE_HELP } from '../options/region-option.ts';
import { jsonOption, type JsonOption, printJson } from '../output/json.ts';
import { printLine } from '../output/print.ts';
import { formatCount } from '../output/table.ts';
import type { Store } from '../../../store/store.ts';
import { type CommandContext, runCommand } from '../run-command.ts';

export function regionsCommand(): Command {
  return new Command('regions')
    .description("list the inspection regions of a dataset's classes")
    .argument('<dataset>', 'name of the dataset')
    .addOption(jsonOption())
    .addHelpText('after', '\nExample:\n  perch datasets regions fabrics')
    .action((name: string, options: JsonOption) =>
      runCommand((context) => listRegions(name, options, context)),
    );
}

interface SetRegionOptions {
  file?: string;
  border?: Length;
  clear?: boolean;
  author: string;
}

export function setRegionCommand(): Command {
  const conflicting = ['file', 'border', 'clear'];
  const others = (name: string) => conflicting.filter((other) => other !== name);
  return new Command('set-region')
    .description("set the part of a class's images that is inspected")
    .argument('<dataset>', 'name of the dataset')
    .argument('<class>', 'name of the class')
    .addOption(new Option('--file <file>', 'region in a JSON file').conflicts(others('file')))
    .addOption(
      new Option('--border <length>', 'inspect everything except a border of this width, in px or mm')
        .argParser(length)
        .conflicts(others('border')),
    )
    .addOption(new Option('--clear', 'inspect the whole image').conflicts(others('clear')))
    .addOption(authorOption())
    .addHelpText(
      'after',
      `${REGION_FILE_HELP}

A length in mm needs the scale of the class. Results for another region are out of date. Run the methods again. A recipe that decides the class gets a revision with the region, and
its thresholds are cleared.

Examples:
  perch datasets set-region tiles MT_Free --border 16
  perch datasets set-region fabrics oxford --border 2.5mm
  perch datasets set-region fabrics oxford --file inside.json
  perch datasets set-region fabrics oxford --clear`,
    )
    .action((name: string, textureClass: string, options: SetRegionOptions) =>
      runCommand((context) => setRegion(name, textureClass, options, context)),
    );
}

async function listRegions(
  name: string,
  { json }: JsonOption,
  { services, store, signal }: CommandContext,
): Promise<void> {
  const dataset = store.datasets.getByName(name).id;
  const { regions } = await services.regions.list({ dataset }, signal);
  if (json) return regions.forEach(printJson);
  if (regions.length === 0) return printLine(`All images of ${name} are inspected as a whole.`);
  const width = Math.max(...regions.map(({ textureClass }) => textureClass.length));
  for (const { textureClass, region, author, at } of regions)
    printLine(`${textureClass.padEnd(width)}  ${describeRegion(region)}  (${author}, ${at.slice(0, 10)})`);
}

async function setRegion(
  name: string,
  textureClass: string,
  { author, ...options }: SetRegionOptions,
  { services, store, signal }: CommandContext,
): Promise<void> {
  const dataset = store.datasets.getByName(name).id;
  const region = await regionOf(options, (millimeters) =>
    pixelsOf(millimeters, scaleOf(store, dataset, textureClass)),
  );
  await services.regions.set({ dataset, textureClass, region, author }, signal);
  printLine(`${name}, ${textureClass}: ${describeRegion(region)}.`);
}

/** @throws PerchError `INVALID_ARGUMENT` unless one option is given */
async function regionOf(
  { file, border, clear }: Omit<SetRegionOptions, 'author'>,
  toPixels: (millimeters: number) => number,
): Promise<InspectionRegion | null> {
  if (file !== undefined) return readRegionFile(file);
  if (border !== undefined) {
    const pixels = border.unit === 'mm' ? toPixels(border.value) : border.value;
    return { include: [], exclude: [], border: pixels };
  }
  if (clear) return null;
  throw new PerchError('INVALID_ARGUMENT', 'Choose a region with --file, --border or --clear.');
}

/** Pixels, to a hundredth. */
function pixelsOf(millimeters: number, mmPerPixel: number): number {
  return Math.round((100 * millimeters) / mmPerPixel) / 100;
}

/** The millimeters per pixel of a class. @throws PerchError `INVALID_ARGUMENT` if it has no scale, or one for each direction */
function scaleOf(store: Store, dataset: number, textureClass: string): number {
  const scale = store.classScales.find(dataset, textureClass);
  const square = scale && squarePixel(scale);
  if (square) return square;
  throw new PerchError(
    'INVALID_ARGUMENT',
    scale
      ? `The pixels of "${textureClass}" are not square: ${formatScale(scale)}. Give the border in px.`
      : `"${textureClass}" has no scale. Give the border in px, or set the scale with "perch datasets set-scale".`,
  );
}

/** "2 shapes included, 1 shape excluded, border 8 px" */
function describeRegion(region: InspectionRegion | null): string {
  const { include = [], exclude = [], border = 0 } = region ?? {};
  const parts = [
    include.length > 0 ? `${formatCount(include.length, 'shape')} included` : '',
    exclude.length > 0 ? `${formatCount(exclude.length, 'shape')} excluded` : '',
    border > 0 ? `border ${border} px` : '',
  ].filter((part) => part !== '');
  return parts.length > 0 ? parts.join(', ') : 'the whole image';
}
