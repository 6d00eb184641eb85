import { Command, InvalidArgumentError, Option } from 'commander';
import { annotationFormat, type AnnotationFormatName, by } from '../../../common/api/annotation.ts';
import type { Problem } from '../../../common/api/datasets.ts';
import { jsonOption, type JsonOption, printJson } from '../output/json.ts';
import { printLine } from '../output/print.ts';
import { printProblems } from '../output/print-problems.ts';
import { formatCount } from '../output/table.ts';
import { followStream } from '../progress/follow-stream.ts';
import { type CommandContext, runCommand } from '../run-command.ts';

export function annotationsCommand(): Command {
  return new Command('annotations')
    .description("Export and import a dataset's ground truth: masks, COCO, labelme, Pascal VOC.")
    .summary('export and import ground truth')
    .addCommand(exportCommand())
    .addCommand(importCommand())
    .addHelpText(
      'after',
      `
Examples:
  perch annotations export fabrics masks/
  perch annotations import fabrics masks/ --author Ada`,
    );
}

function exportCommand(): Command {
  return new Command('export')
    .description("write a dataset's latest ground truth")
    .argument('<dataset>', 'name of the dataset')
    .argument('<folder>', 'new or empty folder to write to')
    .addOption(formatOption())
    .addOption(jsonOption())
    .addHelpText(
      'after',
      `${FORMATS}
Examples:
  perch annotations export fabrics masks/
  perch annotations export fabrics fabrics-coco/ --format coco`,
    )
    .action((dataset: string, folder: string, options: TransferOptions) =>
      runCommand((context) => exportAnnotations(dataset, folder, options, context)),
    );
}

function importCommand(): Command {
  return new Command('import')
    .description('read ground truth as new revisions; existing revisions are kept')
    .argument('<dataset>', 'name of the dataset')
    .argument('<folder>', 'folder of masks (of one or several classes) or of annotation files')
    .requiredOption('--author <name>', 'name of the annotator', parseAuthor)
    .addOption(formatOption())
    .option(
      '--empty-is-normal',
      'mark an image as normal if its annotation is empty, even if its folder is defective',
    )
    .addOption(jsonOption())
    .addHelpText(
      'after',
      `${FORMATS}
Annotations are matched to images by the ends of their paths. Ambiguous ones are reported and skipped. Several shapes of
one image are merged; categories are not read. An empty annotation does not change a defective image.

The exit code is 1 if there were annotations and none could be imported.

Examples:
  perch annotations import fabrics masks/ --author Ada
  perch annotations import fabrics labelme/ --format labelme --author Ada`,
    )
    .action((dataset: string, folder: string, options: ImportOptions) =>
      runCommand((context) => importAnnotations(dataset, folder, options, context)),
    );
}

const FORMATS = `
Formats:
  mvtec    CLASS/ground_truth/DEFECT/STEM_mask.png with the values 0 and 255
  coco     annotations.json: polygons and run lengths, plain or compressed; categories are defect types
  labelme  one JSON file per image: polygons, rectangles, circles, masks
  voc      Pascal VOC, one XML file per image: bounding boxes only

A roll of frames has one mask, CLASS/ground_truth/ROLL_mask.png, or one per frame, CLASS/ground_truth/ROLL/FRAME_mask.png.
`;

function formatOption(): Option {
  return new Option('--format <name>', 'format of the annotations')
    .choices(annotationFormat.options)
    .default('mvtec');
}

interface TransferOptions extends JsonOption {
  format: AnnotationFormatName;
}

interface ImportOptions extends TransferOptions {
  author: string;
  emptyIsNormal?: boolean;
}

async function exportAnnotations(
  name: string,
  folder: string,
  { format, json }: TransferOptions,
  { store, services, signal }: CommandContext,
): Promise<void> {
  const dataset = store.datasets.getByName(name).id;
  const events = await services.annotation.export({ dataset, folder, format }, signal);
  const { written, problems } = await followStream(events, 'done');
  if (json) return printJson({ written, problems });
  const as = format === 'voc' ? ' as bounding boxes' : '';
  printLine(`Wrote ${formatCount(written, 'mask')}${as} to ${folder}.`);
  printProblems(problems);
}

async function importAnnotations(
  name: string,
  folder: string,
  { author, emptyIsNormal = false, format, json }: ImportOptions,
  { store, services, signal }: CommandContext,
): Promise<void> {
  const dataset = store.datasets.getByName(name).id;
  const request = { dataset, folder, author, format, emptyIsNormal };
  const events = await services.annotation.import(request, signal);
  const { written, unchanged = 0, problems } = await followStream(events, 'done');
  if (written + unchanged === 0 && problems.some(isRefusal)) process.exitCode = 1;
  if (json) return printJson({ written, unchanged, problems });
  const same = unchanged > 0 ? `, ${unchanged} unchanged` : '';
  printLine(`${formatCount(written, 'image has', 'images have')} new ground truth${same}.`);
  printProblems(problems);
}

/** Whether a problem concerns an annotation that was not imported, and not a doubt about one that was. */
function isRefusal({ kind }: Problem): boolean {
  return kind !== 'mask-doubtful' && kind !== 'note';
}

function parseAuthor(text: string): string {
  const { data } = by.shape.author.safeParse(text);
  if (data === undefined) throw new InvalidArgumentError('Must be a name of up to 100 characters.');
  return data;
}
