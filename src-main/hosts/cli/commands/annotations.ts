import { Command, InvalidArgumentError, Option } from 'commander';
import { annotationFormat, type AnnotationFormatName, by } from '../../../common/api/annotation.ts';
import { openAnnotation } from '../../../services/annotation/annotation.ts';
import { lastOf } from '../progress/follow-stream.ts';
import { tellProblems } from '../output/print-problems.ts';
import { withStore } from '../with-store.ts';

export function masksCommand(): Command {
  return new Command('masks')
    .description('ground truth as files, out of the store and into it: masks, COCO, labelme, Pascal VOC')
    .addCommand(exportCommand())
    .addCommand(importCommand());
}

function exportCommand(): Command {
  return new Command('export')
    .description('write the latest ground truth of a dataset')
    .argument('<dataset>', 'name of the dataset')
    .argument('<folder>', 'new or empty folder to write to')
    .addOption(formatOption())
    .option('--json', 'print one JSON object')
    .addHelpText(
      'after',
      `${FORMATS}
Examples:
  perch masks export fabrics masks/
  perch masks export fabrics fabrics-coco/ --format coco`,
    )
    .action(exportMasks);
}

function importCommand(): Command {
  return new Command('import')
    .description('read ground truth as new revisions; none that is there is lost')
    .argument('<dataset>', 'name of the dataset')
    .argument(
      '<folder>',
      'folder of masks (with CLASS/ground_truth, or that of one class) or of annotation files',
    )
    .addOption(formatOption())
    .requiredOption('--author <name>', 'who drew them', nameOfPerson)
    .option(
      '--empty-is-normal',
      'what marks nothing makes its image normal, also one that is known as defective',
    )
    .option('--json', 'print one JSON object')
    .addHelpText(
      'after',
      `${FORMATS}
Images are found by the ends of their paths; those of several with one name are told and left out. Several shapes of one
image are united; categories are not read. A defective image stays so where a file marks nothing in it.

Examples:
  perch masks import fabrics masks/ --author Ada
  perch masks import fabrics labelme/ --format labelme --author Ada`,
    )
    .action(importMasks);
}

const FORMATS = `
Formats:
  mvtec    CLASS/ground_truth/KIND/STEM_mask.png, 0 and 255
  coco     annotations.json: polygons and run lengths (numbers or compressed), categories are kinds of defects
  labelme  one JSON file an image: polygons, rectangles, circles, masks
  voc      Pascal VOC, one XML file an image: boxes alone, which come back as rectangles
`;

function formatOption(): Option {
  return new Option('--format <name>', 'how ground truth lies in files')
    .choices(annotationFormat.options)
    .default('mvtec');
}

interface TransferOptions {
  format: AnnotationFormatName;
  json?: boolean;
}

function exportMasks(name: string, folder: string, { format, json }: TransferOptions): Promise<void> {
  return withStore(async ({ store, engine }, signal) => {
    const dataset = store.datasets.named(name).id;
    const events = await openAnnotation(store, engine).export({ dataset, folder, format }, signal);
    const { written, problems } = await lastOf(events, 'done');
    if (json) return void process.stdout.write(`${JSON.stringify({ written, problems })}\n`);
    const what =
      format === 'voc' ? 'masks were written as boxes, without their shapes,' : 'masks were written';
    process.stdout.write(`${written} ${what} to ${folder}.\n`);
    tellProblems(problems);
  });
}

function importMasks(
  name: string,
  folder: string,
  {
    author,
    emptyIsNormal = false,
    format,
    json,
  }: TransferOptions & { author: string; emptyIsNormal?: boolean },
): Promise<void> {
  return withStore(async ({ store, engine }, signal) => {
    const dataset = store.datasets.named(name).id;
    const events = await openAnnotation(store, engine).import(
      { dataset, folder, author, format, emptyIsNormal },
      signal,
    );
    const { written, problems } = await lastOf(events, 'done');
    if (json) return void process.stdout.write(`${JSON.stringify({ written, problems })}\n`);
    process.stdout.write(`${written} images have new ground truth.\n`);
    tellProblems(problems);
  });
}

function nameOfPerson(text: string): string {
  const { data } = by.shape.author.safeParse(text);
  if (data === undefined) throw new InvalidArgumentError('It must be a name of up to 100 letters.');
  return data;
}
