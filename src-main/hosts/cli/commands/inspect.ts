import { relative } from 'node:path';
import { Command, Option } from 'commander';
import { PerchError } from '../../../common/api/errors.ts';
import type { AnyMethod, ProviderChoice } from '../../../common/api/schemas.ts';
import { type FolderEvent, inspectToFolder } from '../../../services/inspections/inspect-to-folder.ts';
import { findImages } from '../../../services/library/find-images.ts';
import type { Progress } from '../../../engine/protocol/messages.ts';
import { pointsOf } from '../../../common/maps/mask-polygons.ts';
import { tellLongOnes } from '../progress/slow-warning.ts';
import { secondsByStage } from '../output/stage-seconds.ts';
import { addMethodOptions, methodFrom, type MethodOptions } from '../options/method-options.ts';
import { finiteNumber } from '../options/parsers.ts';
import { bitDepthOption, maxPixelsOption, providerOption } from '../options/shared-options.ts';
import { tellLeftOut } from '../output/print-problems.ts';
import { progressBar } from '../progress/progress-bar.ts';
import { withHint } from '../output/hint-text.ts';
import { withEngine } from '../with-engine.ts';

interface InspectOptions extends MethodOptions {
  normal?: string[];
  out: string;
  threshold?: number;
  maxPixels: number;
  bitDepth?: number;
  provider: ProviderChoice;
  json?: boolean;
}

export function inspectCommand(): Command {
  const command = new Command('inspect')
    .description('find defects in images: writes an anomaly map, a heatmap and an overlay for each')
    .argument('<path...>', 'image files and folders (searched through; mask folders are left out)');
  return addMethodOptions(command)
    .option('--normal <path...>', 'patchcore: normal images to compare with, files and folders')
    .option('--out <folder>', 'where results are written', 'perch-results')
    .addOption(
      new Option(
        '--threshold <score>',
        'score of the outline in the overlay (proposed from the scores)',
      ).argParser(finiteNumber),
    )
    .addOption(maxPixelsOption())
    .addOption(bitDepthOption())
    .addOption(providerOption())
    .option('--json', 'print one JSON object a line for each image')
    .addHelpText(
      'after',
      `
Writes for each image, with the folders below PATH kept:
  STEM.map.npy       anomaly map, float32, feature resolution, larger is more anomalous
  STEM.heatmap.png   the map in "Reds" at image size, one scale for all images of a texture class
  STEM.overlay.png   the image with the region at or above the threshold outlined
  STEM.mask.png      the predicted mask: 255 where the map reaches the threshold at image size, else 0

--json also tells the threshold that was used and the regions that reach it, the highest peak first: box, area, centroid and
peak in pixels, and outlines as lists of points, with those of holes apart. A line is printed when the class is done.

Each page of a TIFF file is an image of its own, FILE.tif#2 names one. What reading an image left out or guessed is told; of 16-bit
files, how many bits are in use is found from the values of a texture class.

The exit code is 1 if an image could not be inspected; the others are inspected all the same.

Examples:
  perch inspect cloth.png
  perch inspect shift-3/ --out results --json
  perch inspect tiles/*.tif --extractor colors --patch-size 15 --threshold 0.8
  perch inspect cloth.png --method ours-320 --statistic sww
  perch inspect cloth.png --resize 320 --reference knn:400
  perch inspect cloth.png --statistic histogram --bins 16 --sigma 3
  perch inspect test/ --method patchcore --extractor gabor --normal train/good`,
    )
    .action(run);
}

async function run(paths: string[], options: InspectOptions): Promise<void> {
  const method = await methodFrom(options);
  const normal = await normalImages(method, options.normal);
  const { out, threshold, maxPixels, bitDepth, provider } = options;
  const bar = await progressBar();
  const print = options.json ? jsonPrinter() : printLine;
  const failures = await withEngine(async (engine, signal) => {
    let failed = 0;
    const request = { paths, method, normal, out, threshold, maxPixels, bitDepth, provider };
    const tell = tellLongOnes();
    const onProgress = (path: string, progress: Progress) => {
      tell(progress);
      bar?.update({ name: shown(path) });
    };
    for await (const event of inspectToFolder(request, engine, signal, onProgress)) {
      if (event.type === 'found') {
        tellLeftOut(event.leftOut);
        if (event.total > 1) bar?.start(event.total, 0, { name: '' });
        continue;
      }
      if (event.type === 'failed') failed++;
      if (event.type !== 'finished') bar?.increment();
      print(event);
    }
    return failed;
  }).finally(() => bar?.stop());
  if (failures > 0) {
    process.exitCode = 1;
    const images = failures === 1 ? '1 image or path' : `${failures} images or paths`;
    process.stderr.write(`perch: ${images} could not be inspected; the reasons are above.\n`);
  }
}

/** The normal images that a memory bank is made of; undefined for methods that need none. */
async function normalImages(method: AnyMethod, paths: string[] | undefined): Promise<string[] | undefined> {
  if (!('coresetRatio' in method)) {
    if (paths === undefined) return undefined;
    throw new PerchError(
      'INVALID_ARGUMENT',
      '--normal is for PatchCore (--method patchcore); other methods need no normal images.',
    );
  }
  if (paths === undefined) {
    throw new PerchError(
      'INVALID_ARGUMENT',
      'PatchCore compares with normal images. Give some, files or folders: --normal train/good',
    );
  }
  const { images, skipped } = await findImages(paths);
  if (skipped.length > 0) throw skipped[0].error;
  return images.map(({ path }) => path);
}

type Outcome = Exclude<FolderEvent, { type: 'found' }>;

function printLine(outcome: Outcome): void {
  const name = shown(outcome.path);
  if (outcome.type === 'failed') {
    process.stderr.write(`${name}: ${withHint(outcome.error)}\n`);
    return;
  }
  // The other line of an image is for programs.
  if (outcome.type === 'finished') return;
  for (const { message } of outcome.notes) process.stderr.write(`${name}: ${message}\n`);
  const { width, height, max, seconds } = outcome.inspection;
  process.stdout.write(
    `${name}  ${width} x ${height}  score ${max.toPrecision(4)}  ${secondsByStage(seconds)}\n`,
  );
}

/** Prints a line of JSON for each image in the order of the images, as soon as those before it have theirs. */
function jsonPrinter(): (outcome: Outcome) => void {
  const lines = new Map<string, string | undefined>();
  return (outcome) => {
    lines.set(outcome.path, outcome.type === 'inspected' ? undefined : jsonLine(outcome));
    for (const [path, line] of lines) {
      if (line === undefined) break;
      process.stdout.write(`${line}\n`);
      lines.delete(path);
    }
  };
}

function jsonLine(outcome: Exclude<Outcome, { type: 'inspected' }>): string {
  const { path } = outcome;
  if (outcome.type === 'failed') return JSON.stringify({ path, error: outcome.error });
  const { max, threshold: proposed, ...rest } = outcome.inspection;
  const { threshold, notes, files } = outcome;
  const regions = outcome.regions.map(({ outlines, holes, ...region }) => ({
    ...region,
    outlines: outlines.map(pointsOf),
    holes: holes.map(pointsOf),
  }));
  return JSON.stringify({
    path,
    score: max,
    ...rest,
    threshold,
    proposedThreshold: proposed,
    notes,
    files,
    regions,
  });
}

function shown(path: string): string {
  const short = relative('.', path);
  return short === '' || short.startsWith('..') ? path : short;
}
