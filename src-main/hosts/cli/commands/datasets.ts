import { Command, Option } from 'commander';
import {
  type BitDepthChoice,
  type ClassCounts,
  type Dataset,
  type ImportPreview,
  type LayoutChoice,
  layoutChoice,
} from '../../../common/api/datasets.ts';
import { layoutNames, layouts } from '../../../common/layouts.ts';
import { datasetBitDepthOption } from '../options/image-options.ts';
import { jsonOption, type JsonOption, printJson } from '../output/json.ts';
import { printError, printLine } from '../output/print.ts';
import { printSkipped, printProblems } from '../output/print-problems.ts';
import { formatCount, formatTable } from '../output/table.ts';
import { followStream } from '../progress/follow-stream.ts';
import { type CommandContext, runCommand } from '../run-command.ts';
import { scalesCommand, setScaleCommand } from './datasets-scales.ts';
import { regionsCommand, setRegionCommand } from './datasets-regions.ts';

export function datasetsCommand(): Command {
  return new Command('datasets')
    .description('Import, list, verify and remove datasets.')
    .summary('import, list, verify and remove datasets')
    .addCommand(importCommand())
    .addCommand(listCommand())
    .addCommand(showCommand())
    .addCommand(verifyCommand())
    .addCommand(setPathCommand())
    .addCommand(regionsCommand())
    .addCommand(setRegionCommand())
    .addCommand(scalesCommand())
    .addCommand(setScaleCommand())
    .addCommand(removeCommand())
    .addHelpText(
      'after',
      `
Images stay where they are. Masks are copied into the store, so that they can be edited.

Examples:
  perch datasets import fabrics/
  perch datasets list`,
    );
}

function importCommand(): Command {
  return new Command('import')
    .description('import a folder of images, or update its dataset')
    .argument('<path...>', 'dataset folder; or image files and folders, in the layout "folder"')
    .option('--name <name>', "name of the dataset (default: the folder's name)")
    .addOption(
      new Option('--layout <name>', 'layout of the folder').choices(layoutChoice.options).default('auto'),
    )
    .addOption(datasetBitDepthOption())
    .option('--preview', 'print what would be imported, and import nothing')
    .addOption(jsonOption())
    .addHelpText(
      'after',
      `
Layouts:
${layoutLines()}

Names of folders and masks match in any case and common spellings (Test, OK, GroundTruth, 000_GT.png).

Examples:
  perch datasets import fabrics/
  perch datasets import fabrics/ --preview
  perch datasets import AITEX/ --layout aitex --name aitex`,
    )
    .action((paths: string[], options: ImportOptions) =>
      runCommand((context) => importPaths(paths, options, context)),
    );
}

function layoutLines(): string {
  const width = Math.max(...layoutNames.map(({ length }) => length));
  return layoutNames.map((name) => `  ${name.padEnd(width)}  ${layouts[name].folders}`).join('\n');
}

function listCommand(): Command {
  return new Command('list')
    .description('list the datasets')
    .addOption(jsonOption())
    .addHelpText('after', '\nExample:\n  perch datasets list')
    .action((options: JsonOption) => runCommand((context) => list(options, context)));
}

function showCommand(): Command {
  return new Command('show')
    .description("show a dataset's classes and image counts")
    .argument('<dataset>', 'name of the dataset')
    .addOption(jsonOption())
    .addHelpText('after', '\nExample:\n  perch datasets show fabrics')
    .action((name: string, { json }: JsonOption) =>
      runCommand((context) => {
        const dataset = datasetNamed(name, context);
        if (json) printJson(dataset);
        else printDataset(dataset);
      }),
    );
}

function verifyCommand(): Command {
  return new Command('verify')
    .description('read every file of a dataset and report missing and changed files')
    .argument('<dataset>', 'name of the dataset')
    .addOption(jsonOption())
    .addHelpText(
      'after',
      '\nThe exit code is 1 if a file is missing or changed.\n\nExample:\n  perch datasets verify fabrics',
    )
    .action((name: string, options: JsonOption) => runCommand((context) => verify(name, options, context)));
}

function setPathCommand(): Command {
  return new Command('set-path')
    .description('set the new location of a moved folder; results, annotations and verdicts are kept')
    .argument('<dataset>', 'name of the dataset')
    .argument('<folder>', 'new location of its folder')
    .addHelpText(
      'after',
      '\nThe files are verified afterwards.\n\nExample:\n  perch datasets set-path fabrics /archive/fabrics',
    )
    .action((name: string, path: string) =>
      runCommand(async (context) => {
        const { id } = datasetNamed(name, context);
        await context.services.datasets.relocate({ dataset: id, path }, context.signal);
        await verify(name, {}, context);
      }),
    );
}

function removeCommand(): Command {
  return new Command('remove')
    .description('remove a dataset with its results, reviews and annotations; the image files are kept')
    .argument('<dataset>', 'name of the dataset')
    .addHelpText('after', '\nExample:\n  perch datasets remove fabrics')
    .action((name: string) =>
      runCommand(async (context) => {
        const { id } = datasetNamed(name, context);
        await context.services.datasets.remove({ dataset: id }, context.signal);
        printLine(`Removed ${name}.`);
      }),
    );
}

/** @throws PerchError `NOT_FOUND` */
function datasetNamed(name: string, { store }: CommandContext): Dataset {
  const { id } = store.datasets.getByName(name);
  return { ...store.datasets.get(id), classes: store.datasets.countClasses(id) };
}

interface ImportOptions extends JsonOption {
  layout: LayoutChoice;
  name?: string;
  bitDepth?: BitDepthChoice;
  preview?: boolean;
}

async function importPaths(
  paths: string[],
  { layout, name, bitDepth, preview: previewOnly, json }: ImportOptions,
  { services: { datasets }, signal }: CommandContext,
): Promise<void> {
  const source = {
    paths,
    layout,
    ...(name !== undefined && { name }),
    ...(bitDepth !== undefined && { bitDepth }),
  };
  const preview = await datasets.preview(source, signal);
  if (previewOnly) return json ? printJson(preview) : printPreview(preview);
  const { dataset, problems } = await followStream(await datasets.import(source, signal), 'imported');
  if (json) return printJson({ dataset, problems, skipped: preview.skipped });
  printDataset(dataset);
  printProblems(problems);
  printSkipped(preview.skipped);
}

async function list({ json }: JsonOption, { services, signal }: CommandContext): Promise<void> {
  const { datasets } = await services.datasets.list(undefined, signal);
  if (json) return datasets.forEach(printJson);
  if (datasets.length === 0)
    return printLine('No dataset has been imported. Run `perch datasets import FOLDER`.');
  const width = Math.max(...datasets.map(({ name }) => name.length));
  for (const dataset of datasets)
    printLine(`${dataset.name.padEnd(width)}  ${summarize(dataset, 'image')}  ${dataset.root}`);
}

async function verify(name: string, { json }: JsonOption, context: CommandContext): Promise<void> {
  const { services, signal } = context;
  const { id } = datasetNamed(name, context);
  const { problems } = await followStream(
    await services.datasets.verify({ dataset: id }, signal),
    'verified',
  );
  if (json) printJson({ problems });
  else if (problems.length === 0) printLine(`All files of ${name} are unchanged.`);
  else printProblems(problems);
  if (problems.length > 0) process.exitCode = 1;
}

function printPreview({
  name,
  layout,
  root,
  classes,
  roles,
  problems,
  skipped,
  blockedReason,
}: ImportPreview): void {
  // A preview reads no files, so it cannot know which of them are images.
  printLine(`${name}: ${summarize({ layout, classes }, 'file')}`);
  printLine(`${root}\n`);
  printCounts(classes, 'files');
  printLine('\n  files  folder, imported as');
  for (const { folder, role, files } of roles) printLine(`${String(files).padStart(7)}  ${folder}  ${role}`);
  printProblems(problems);
  printSkipped(skipped);
  if (blockedReason === undefined) return;
  printError(blockedReason);
  process.exitCode = 1;
}

function printDataset(dataset: Dataset): void {
  const { root, ignoreBorder, classes } = dataset;
  printLine(
    `${dataset.name}: ${summarize(dataset, 'image')}, metrics ignore a border of ${formatCount(ignoreBorder, 'pixel')}`,
  );
  printLine(`${root}\n`);
  printCounts(classes, 'images');
}

/** "49 images of 7 classes (mvtec)" */
function summarize({ layout, classes }: Pick<Dataset, 'layout' | 'classes'>, unit: 'image' | 'file'): string {
  const images = classes.reduce((sum, counts) => sum + counts.images, 0);
  return `${formatCount(images, unit)} of ${formatCount(classes.length, 'class', 'classes')} (${layout})`;
}

const columns = ['train', 'masked', 'normal', 'unknown', 'unmasked'] as const;

/**
 * Training images have their own column. The other columns count test images by ground truth and add up to
 * the rest.
 */
function printCounts(classes: readonly ClassCounts[], total: 'images' | 'files'): void {
  const rows = classes.map((counts) => [
    counts.textureClass,
    counts.images,
    ...columns.map((column) => counts[column]),
  ]);
  process.stdout.write(formatTable([['class', total, ...columns], ...rows]));
}
