import { Command, Option } from 'commander';
import {
  type BitDepthChoice,
  type ClassCounts,
  type Dataset,
  type ImportPreview,
  type LayoutChoice,
  layoutChoice,
} from '../../../common/api/datasets.ts';
import { openDatasets } from '../../../services/datasets/datasets.ts';
import { importMaps } from '../../../services/datasets/import-maps.ts';
import { lastOf } from '../progress/follow-stream.ts';
import { keptBitDepthOption } from '../options/shared-options.ts';
import { tellLeftOut, tellProblems } from '../output/print-problems.ts';
import { withStore } from '../with-store.ts';

export function datasetsCommand(): Command {
  return new Command('datasets')
    .description('datasets of the store: import folders of images, list, check and remove them')
    .addCommand(importCommand())
    .addCommand(listCommand())
    .addCommand(showCommand())
    .addCommand(checkCommand())
    .addCommand(relocateCommand())
    .addCommand(removeCommand())
    .addCommand(importMapsCommand())
    .addHelpText(
      'after',
      `
Images stay where they are; masks are copied into the store, so that they can be edited.

Examples:
  perch datasets import fabrics/
  perch datasets list`,
    );
}

function importCommand(): Command {
  return new Command('import')
    .description('bring a folder of images into the store, or bring its dataset up to date')
    .argument('<path...>', 'the folder of a dataset; or image files and folders, as the layout "folder"')
    .addOption(
      new Option('--layout <name>', 'how the folder is laid out')
        .choices(layoutChoice.options)
        .default('auto'),
    )
    .option('--name <name>', "name of the dataset (the folder's)")
    .addOption(keptBitDepthOption())
    .option('--preview', 'tell what would be imported as what, and import nothing')
    .option('--json', 'print one JSON object')
    .addHelpText(
      'after',
      `
Layouts:
  mvtec          CLASS/{train,test}/KIND/FILE, masks in CLASS/ground_truth/KIND/STEM_mask.png; or one class folder
  mvtec-ad-2     MVTec AD 2: test_public with its masks in it, test_private
  mvtec-loco     MVTec LOCO: a folder of masks for each image
  btad           BTAD: ok and ko
  wft            Woven Fabric Textures, as mvtec; 50 pixels are cut at the borders before metrics
  dtd-synthetic  DTD-Synthetic, as mvtec
  aitex          Defect_images, Mask_images, NODefect_images: strips are cut into squares
  visa           CLASS/Data/Images, CLASS/Data/Masks, image_anno.csv; split_csv/1cls.csv where it is there
  kolektor       kos01/Part0.jpg and kos01/Part0_label.bmp
  kolektor-2     {train,test}/10000.png and 10000_GT.png
  magnetic-tile  MT_KIND/Imgs/STEM.jpg, the mask STEM.png next to it; or any tree of such pairs
  defect-types   CLASS/TYPE/FILE, normal images in good, ok or normal
  folder         any tree of images, the folder of an image is its class; masks in folders "masks", or STEM_mask.png

Names count in any case and spelling (Test, OK, GroundTruth, 000_GT.png). A layout is recognized unless it is named.

Examples:
  perch datasets import fabrics/
  perch datasets import AITEX/ --layout aitex --name aitex
  perch datasets import shift-3/*.png --name "shift 3"`,
    )
    .action(importPaths);
}

function listCommand(): Command {
  return new Command('list')
    .description('list the datasets of the store')
    .option('--json', 'print one JSON object a line for each')
    .addHelpText('after', '\nExample:\n  perch datasets list')
    .action(({ json }: { json?: boolean }) => withDatasets(({ all }) => list(all(), json)));
}

function showCommand(): Command {
  return new Command('show')
    .description('tell the classes of a dataset and what is known of their images')
    .argument('<name>', 'dataset')
    .option('--json', 'print one JSON object')
    .addHelpText('after', '\nExample:\n  perch datasets show fabrics')
    .action((name: string, { json }: { json?: boolean }) =>
      withDatasets(({ named }) => {
        if (json) printJson(named(name));
        else show(named(name));
      }),
    );
}

function checkCommand(): Command {
  return new Command('check')
    .description('read every file of a dataset and tell which are missing or changed')
    .argument('<name>', 'dataset')
    .option('--json', 'print one JSON object')
    .addHelpText(
      'after',
      '\nThe exit code is 1 where a file is missing or changed.\n\nExample:\n  perch datasets check fabrics',
    )
    .action(check);
}

function relocateCommand(): Command {
  return new Command('relocate')
    .description(
      'say where the folder of a dataset has moved to; results, masks and verdicts stay with its images',
    )
    .argument('<name>', 'dataset')
    .argument('<folder>', 'where its folder is now')
    .addHelpText(
      'after',
      '\nThe files are checked afterwards.\n\nExample:\n  perch datasets relocate fabrics /archive/fabrics',
    )
    .action(async (name: string, path: string) => {
      await withDatasets(({ named, service }, signal) =>
        service.relocate({ dataset: named(name).id, path }, signal),
      );
      await check(name, {});
    });
}

function removeCommand(): Command {
  return new Command('remove')
    .description('remove a dataset, its results, sessions and annotations from the store; its files stay')
    .argument('<name>', 'dataset')
    .addHelpText('after', '\nExample:\n  perch datasets remove fabrics')
    .action((name: string) =>
      withDatasets(async ({ named, service }, signal) => {
        await service.remove({ dataset: named(name).id }, signal);
        process.stdout.write(`${name} was removed.\n`);
      }),
    );
}

function importMapsCommand(): Command {
  return new Command('import-maps')
    .description("bring another system's anomaly maps of a dataset in, as a method to compare with")
    .argument('<name>', 'dataset')
    .requiredOption('--maps <folder>', 'NPY (float), TIFF (float) or PNG (16 bits), one a test image')
    .requiredOption('--method <label>', 'what the other system is called')
    .option('--json', 'print one JSON object')
    .addHelpText(
      'after',
      `
Maps lie as the MVTec AD evaluation and anomalib have them: CLASS/test/KIND/STEM.tiff or CLASS/KIND/STEM.npy. A map of
any size covers its whole image. Images that have a map by this method keep it.

Example:
  perch datasets import-maps fabrics --maps anomaly_maps/ --method PatchCore-anomalib`,
    )
    .action(importMapsOf);
}

interface Means {
  service: ReturnType<typeof openDatasets>;
  all(): Dataset[];
  /** @throws PerchError `NOT_FOUND` */
  named(name: string): Dataset;
}

function withDatasets<Result>(
  work: (means: Means, signal: AbortSignal) => Promise<Result> | Result,
): Promise<Result> {
  return withStore(({ store, engine }, signal) => {
    const described = (id: number) => ({ ...store.datasets.get(id), classes: store.datasets.classes(id) });
    const means: Means = {
      service: openDatasets(store, engine),
      all: () => store.datasets.all().map(({ id }) => described(id)),
      named: (name) => described(store.datasets.named(name).id),
    };
    return work(means, signal);
  });
}

async function importPaths(
  paths: string[],
  { layout, name, bitDepth, preview: only, json }: ImportOptions,
): Promise<void> {
  await withDatasets(async ({ service }, signal) => {
    const source = {
      paths,
      layout,
      ...(name === undefined ? {} : { name }),
      ...(bitDepth === undefined ? {} : { bitDepth }),
    };
    const preview = await service.preview(source, signal);
    if (only) return json ? printJson(preview) : showPreview(preview);
    const { dataset, problems } = await lastOf(await service.import(source, signal), 'imported');
    if (json) return printJson({ dataset, problems, leftOut: preview.leftOut });
    show(dataset);
    tellProblems(problems);
    tellLeftOut(preview.leftOut);
  });
}

interface ImportOptions {
  layout: LayoutChoice;
  name?: string;
  bitDepth?: BitDepthChoice;
  preview?: boolean;
  json?: boolean;
}

function showPreview({
  name,
  layout,
  root,
  classes,
  taken,
  problems,
  leftOut,
  blocked,
}: ImportPreview): void {
  process.stdout.write(`${name}: ${summary({ layout, classes })}\n${root}\n\n`);
  printCounts(classes);
  const rows = taken.map(({ folder, as, files }) => `${String(files).padStart(7)}  ${folder}  ${as}`);
  process.stdout.write(`\n  files  folder, taken as\n${rows.join('\n')}\n`);
  tellProblems(problems);
  tellLeftOut(leftOut);
  if (blocked === undefined) return;
  process.stderr.write(`perch: ${blocked}\n`);
  process.exitCode = 1;
}

async function check(name: string, { json }: { json?: boolean }): Promise<void> {
  const { problems } = await withDatasets(async ({ named, service }, signal) =>
    lastOf(await service.check({ dataset: named(name).id }, signal), 'checked'),
  );
  if (json) printJson({ problems });
  else if (problems.length === 0) process.stdout.write(`Every file of ${name} is what was imported.\n`);
  else tellProblems(problems);
  if (problems.length > 0) process.exitCode = 1;
}

async function importMapsOf(
  name: string,
  { maps, method, json }: { maps: string; method: string; json?: boolean },
): Promise<void> {
  const { type: _, ...outcome } = await withStore(async (means, signal) => {
    const { id } = means.store.datasets.named(name);
    return lastOf(importMaps({ dataset: id, folder: maps, label: method }, means, signal), 'imported');
  });
  if (json) printJson(outcome);
  else {
    const { maps: taken, kept, missing } = outcome;
    process.stdout.write(`${counted(taken, 'map', 'maps')} of ${method} in ${name}`);
    process.stdout.write(kept > 0 ? `, ${kept} there already` : '');
    process.stdout.write(missing > 0 ? `, ${missing} test images without one\n` : '\n');
    for (const problem of outcome.problems) process.stderr.write(`perch: ${problem}\n`);
  }
  if (outcome.problems.length > 0) process.exitCode = 1;
}

function list(datasets: readonly Dataset[], json: boolean | undefined): void {
  if (datasets.length === 0 && !json) {
    process.stdout.write('No dataset was imported yet: perch datasets import FOLDER\n');
  }
  const width = Math.max(...datasets.map(({ name }) => name.length));
  for (const dataset of datasets) {
    if (json) printJson(dataset);
    else process.stdout.write(`${dataset.name.padEnd(width)}  ${summary(dataset)}  ${dataset.root}\n`);
  }
}

function summary({ layout, classes }: Pick<Dataset, 'layout' | 'classes'>): string {
  const images = classes.reduce((sum, of) => sum + of.images, 0);
  return `${counted(images, 'image', 'images')} of ${counted(classes.length, 'class', 'classes')} (${layout})`;
}

function counted(count: number, one: string, many: string): string {
  return `${count} ${count === 1 ? one : many}`;
}

const columns = ['images', 'train', 'masked', 'normal', 'unknown', 'unmasked'] as const;

function show(dataset: Dataset): void {
  const { name, root, ignoreBorder, classes } = dataset;
  process.stdout.write(`${name}: ${summary(dataset)}, border ${ignoreBorder} pixels\n${root}\n\n`);
  printCounts(classes);
}

/** Training images apart, test images by their ground truth: the columns add up to the first. */
function printCounts(classes: readonly ClassCounts[]): void {
  const width = Math.max(5, ...classes.map(({ textureClass }) => textureClass.length));
  process.stdout.write(`${'class'.padEnd(width)}${columns.map((column) => column.padStart(9)).join('')}\n`);
  for (const counts of classes) {
    const cells = columns.map((column) => String(counts[column]).padStart(9));
    process.stdout.write(`${counts.textureClass.padEnd(width)}${cells.join('')}\n`);
  }
}

function printJson(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value)}\n`);
}
