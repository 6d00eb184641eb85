import { join } from 'node:path';
import { Command, Option } from 'commander';
import { PerchError } from '../../../common/api/errors.ts';
import { otherImages } from '../../../common/api/other-images.ts';
import type { InspectionRegion } from '../../../common/api/regions.ts';
import type { AnyMethod, ProviderChoice } from '../../../common/api/schemas.ts';
import { pixelSize, type ScaleChoice } from '../../../common/scale.ts';
import type { Progress } from '../../../engine/protocol/messages.ts';
import { inspectToFolder } from '../../../services/inspections/inspect-to-folder.ts';
import { presets } from '../../../methods/presets/presets.ts';
import { splitPage } from '../../../files/paged-path.ts';
import { sha256Of } from '../../../files/sha256.ts';
import { assertCalibratedWith } from '../../../services/recipes/normal-images.ts';
import { validateMethod } from '../../../methods/validate-method.ts';
import { labelOf } from '../../../services/methods/method-label.ts';
import { findImages } from '../../../services/library/find-images.ts';
import { bitDepthOption, maxPixelsOption, providerOption } from '../options/image-options.ts';
import {
  addMethodOptions,
  methodOptionNames,
  type MethodOptions,
  resolveMethods,
} from '../options/method-options.ts';
import { optionName } from '../options/option-name.ts';
import { finiteNumber } from '../options/parsers.ts';
import { type LoadedRecipe, loadRecipe, recipeOption } from '../options/recipe-option.ts';
import { readRegionFile, REGION_FILE_HELP, regionOption } from '../options/region-option.ts';
import { scaleOption } from '../options/scale-option.ts';
import { FileScales } from '../output/file-scale.ts';
import { displayPath } from '../output/display-path.ts';
import { jsonOption, type JsonOption } from '../output/json.ts';
import { type InspectionPrinter, linePrinter, orderedJsonPrinter } from '../output/print-inspections.ts';
import { printError, printLine } from '../output/print.ts';
import { printSkipped } from '../output/print-problems.ts';
import { formatCount } from '../output/table.ts';
import { createProgressBar } from '../progress/progress-bar.ts';
import { warnIfSlow } from '../progress/slow-warning.ts';
import { DecisionCounts } from '../output/decision-counts.ts';
import { type CommandContext, runCommand } from '../run-command.ts';

interface InspectOptions extends MethodOptions, JsonOption {
  recipe?: string;
  normal?: string[];
  region?: string;
  out: string;
  threshold?: number;
  maxPixels: number;
  bitDepth?: number;
  mmPerPixel?: ScaleChoice;
  provider: ProviderChoice;
}

export function inspectCommand(): Command {
  const command = new Command('inspect')
    .description('Find defects in images. Writes an anomaly map, a heatmap, an overlay and a mask for each.')
    .summary('find defects in images')
    .argument('<path...>', 'image files and folders; folders are searched, except their mask folders')
    .option('--out <folder>', 'folder to write results to', 'perch-results')
    .addOption(
      new Option(
        '--threshold <score>',
        'lowest score of an anomalous pixel (default: suggested from the scores of each class)',
      ).argParser(finiteNumber),
    )
    .addOption(recipeOption())
    .addOption(regionOption())
    .option(
      '--normal <path...>',
      'compare with normal images, files and folders: takes the reference of a patch statistic from them',
    )
    .addOption(maxPixelsOption())
    .addOption(bitDepthOption())
    .addOption(
      scaleOption(
        'scale of the images, for sizes in mm in --json: a number, or ACROSSxALONG (default: the resolution of each file)',
      ),
    )
    .addOption(providerOption())
    .addOption(jsonOption());
  return addMethodOptions(command)
    .addHelpText(
      'after',
      `
Files written for each image, in the folder structure of PATH:
  STEM.map.npy       anomaly map: float32, at feature resolution, higher is more anomalous
  STEM.heatmap.png   the map in the colormap Reds at image size, on one scale per texture class
  STEM.overlay.png   the image with the contour of the anomalous region
  STEM.mask.png      predicted mask at image size: 255 at or above the threshold, else 0
With several methods, each writes to a folder of its name.

--json prints a record per image, in the order of the images, as soon as its texture class is complete. It also has the
threshold and the anomalous regions, the one with the highest peak first: box, area, centroid and peak in pixels, and
outlines and holes as lists of points.

With --recipe, each image gets a decision: pass, review or reject, with its reason. The recipe defines the method, region and
thresholds. The contour encloses what reaches the review threshold; gray contours do not count by the recipe's limits. Exit
codes: 0 all pass; 10 some need review, none is rejected; 20 some are rejected; 1 an image could not be inspected or decided.

${REGION_FILE_HELP.trim()}
Scores and references are computed inside the region, and the pictures darken everything outside.

With --normal, a method with a patch statistic takes its reference (median, mean or global) from the normal images instead of the
image itself. Methods with a memory (patchcore, nearest, subspace) need it. Few images are enough.

Each page of a TIFF file is an image; FILE.tif#2 names one page. Images that fail are reported with a reason, processing
continues, and the exit code is 1.

Examples:
  perch inspect cloth.png
  perch inspect shift-3/ --out results --json
  perch inspect tiles/ --extractor colors --patch-size 15 --threshold 0.8
  perch inspect cloth.png --method default --method bellini
  perch inspect tiles/ --region inside.json
  perch inspect shift-3/ --recipe oxford.json --json
  perch inspect cloth.png --resize 320 --reference knn:400
  perch inspect cloth.png --statistic histogram --bins 16 --sigma 3
  perch inspect test/ --normal train/good
  perch inspect test/ --method mutual
  perch inspect test/ --method patchcore --extractor gabor --normal train/good`,
    )
    .action((paths: string[], options: InspectOptions) =>
      runCommand((context) => inspect(paths, options, context)),
    );
}

async function inspect(paths: string[], options: InspectOptions, context: CommandContext): Promise<void> {
  if (options.recipe !== undefined) return inspectByRecipe(paths, options, options.recipe, context);
  const named = await resolveMethods(options);
  const methods =
    options.normal === undefined
      ? named
      : named.map(({ name, method }) => ({ name, method: withNormalReference(name, method) }));
  const normal = await findNormalImages(methods, options.normal);
  const region = options.region === undefined ? undefined : await readRegionFile(options.region);
  let failed = 0;
  for (const method of methods) {
    const images = otherImages(method.method) === 'normal' ? normal : undefined;
    const isOnly = methods.length === 1;
    const out = isOnly ? options.out : join(options.out, method.name);
    const print = options.json
      ? orderedJsonPrinter(method.name, options.mmPerPixel)
      : linePrinter(isOnly ? '' : `${method.name}  `);
    const given = { ...options, paths, out, images, region, recipe: undefined };
    failed += await inspectWith(method.method, given, print, context);
  }
  if (failed > 0) reportFailures(failed);
}

/** Inspects images with a recipe's method, and decides them. The exit code is that of the gravest decision. */
async function inspectByRecipe(
  paths: string[],
  options: InspectOptions,
  nameOrFile: string,
  context: CommandContext,
): Promise<void> {
  assertNotOverridden(options);
  const recipe = await loadRecipe(nameOrFile, context);
  const { method, region } = recipe.definition;
  const normal = await findNormalImages([{ method }], options.normal);
  if (normal) {
    const files = [...new Set(normal.map((path) => splitPage(path).file))];
    assertCalibratedWith(recipe.definition, await Promise.all(files.map(sha256Of)));
    if (recipe.definition.calibration && recipe.definition.calibration.normalSha256 === undefined)
      printError(
        'The recipe does not record which normal images it was calibrated with; they cannot be checked.',
      );
  }
  const { mmPerPixel } = recipe.definition;
  const pixel = mmPerPixel === null ? undefined : pixelSize(mmPerPixel);
  const print = options.json
    ? orderedJsonPrinter(labelOf(method, presets), mmPerPixel ?? undefined, recipe)
    : linePrinter('', pixel);
  const counts = new DecisionCounts();
  const failed = await inspectWith(
    method,
    { ...options, paths, images: normal, region, recipe },
    (outcome) => {
      if (outcome.type === 'finished') counts.add(outcome.decided?.decision ?? null);
      print(outcome);
    },
    context,
  );
  if (!options.json && counts.total > 0) printLine(counts.text());
  process.exitCode = failed > 0 ? 1 : counts.exitCode();
  if (counts.undecided > 0)
    printError(
      `Could not decide ${formatCount(counts.undecided, 'image')}. Calibrate the recipe, or lower its size limits.`,
    );
  if (failed > 0) reportFailures(failed);
}

function reportFailures(failed: number): void {
  process.exitCode = 1;
  printError(
    `Could not inspect ${formatCount(failed, 'image or path', 'images or paths')}; see the reasons above.`,
  );
}

/** @throws PerchError `INVALID_ARGUMENT` for options that contradict a recipe */
function assertNotOverridden(options: InspectOptions): void {
  const given = [...methodOptionNames(), 'region', 'threshold', 'mmPerPixel'].find(
    (name) => options[name as keyof InspectOptions] !== undefined,
  );
  if (given === undefined) return;
  throw new PerchError(
    'INVALID_ARGUMENT',
    `A recipe defines the method, region, thresholds and scale. Omit ${optionName(given)}, or revise the recipe.`,
  );
}

/** @returns the number of images that failed */
async function inspectWith(
  method: AnyMethod,
  {
    paths,
    images: normal,
    region,
    recipe,
    out,
    threshold,
    maxPixels,
    bitDepth,
    provider,
    json,
    mmPerPixel,
  }: Omit<InspectOptions, 'region' | 'recipe'> & {
    paths: string[];
    images: string[] | undefined;
    region: InspectionRegion | null | undefined;
    recipe: LoadedRecipe | undefined;
  },
  print: InspectionPrinter,
  { engine, signal }: CommandContext,
): Promise<number> {
  let failed = 0;
  const scales = new FileScales(engine);
  const bar = await createProgressBar();
  const warn = warnIfSlow();
  const onProgress = (path: string, progress: Progress) => {
    warn(progress);
    bar?.update({ name: displayPath(path) });
  };
  const request = {
    paths,
    method,
    normal,
    region,
    out,
    threshold,
    maxPixels,
    bitDepth,
    provider,
    recipe: recipe?.definition,
  };
  try {
    for await (const event of inspectToFolder(request, engine, signal, onProgress)) {
      if (event.type === 'found') {
        printSkipped(event.skipped);
        if (event.total > 1) bar?.start(event.total, 0, { name: '' });
        continue;
      }
      if (event.type === 'failed') failed++;
      if (event.type !== 'finished') bar?.increment();
      const isMeasured = event.type === 'finished' && json && !recipe && mmPerPixel === undefined;
      print(isMeasured ? { ...event, scale: await scales.of(event.path) } : event);
    }
  } finally {
    bar?.stop();
  }
  return failed;
}

/**
 * The method with its reference from normal images.
 *
 * @throws PerchError `INVALID_ARGUMENT` if it cannot compare with normal images
 */
function withNormalReference(name: string, method: AnyMethod): AnyMethod {
  if (otherImages(method) === 'normal') return method;
  if ('statistic' in method) return validateMethod({ ...method, normal: true });
  const reason =
    'set' in method
      ? 'it compares the images of a set with each other'
      : 'it computes the map from the image alone';
  throw new PerchError('INVALID_ARGUMENT', `The method "${name}" does not support --normal: ${reason}.`);
}

/** The normal images that methods compare with; undefined if none does. */
async function findNormalImages(
  methods: readonly { method: AnyMethod }[],
  paths: string[] | undefined,
): Promise<string[] | undefined> {
  const needed = methods.find(({ method }) => otherImages(method) === 'normal');
  if (paths === undefined) {
    if (!needed) return undefined;
    const label = labelOf(needed.method, presets);
    throw new PerchError(
      'INVALID_ARGUMENT',
      `"${label}" compares images with normal ones. Name files or folders with --normal.`,
    );
  }
  if (!needed)
    throw new PerchError('INVALID_ARGUMENT', 'The method of the recipe does not support --normal.');
  const { images, unreadable } = await findImages(paths);
  if (unreadable.length > 0) throw unreadable[0].error;
  return images.map(({ path }) => path);
}
