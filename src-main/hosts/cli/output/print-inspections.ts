import { reasonText } from '../../../common/decisions/reason-text.ts';
import { pointsOf } from '../../../common/maps/mask-polygons.ts';
import { pixelSize, type PixelSize, type ScaleChoice } from '../../../common/scale.ts';
import type { FolderEvent } from '../../../services/inspections/folder-request.ts';
import type { LoadedRecipe } from '../options/recipe-option.ts';
import { displayPath } from './display-path.ts';
import { withHint } from './hint-text.ts';
import { printJson } from './json.ts';
import { printLine } from './print.ts';
import { formatStageSeconds } from './stage-seconds.ts';

/** Prints the outcomes of inspecting images. */
export type InspectionPrinter = (outcome: Outcome) => void;
type Outcome = Exclude<FolderEvent, { type: 'found' | 'finished' }> | Finished;
type Finished = Extract<FolderEvent, { type: 'finished' }> & { scale?: ScaleChoice | undefined };

/**
 * Prints a line per image, after `prefix`. Decided images are printed once their regions are known.
 *
 * @param pixel size of a pixel in millimeters, for areas
 */
export function linePrinter(prefix: string, pixel?: PixelSize): InspectionPrinter {
  const warnOfSample = once(printSample);
  return (outcome) => {
    const name = prefix + displayPath(outcome.path);
    if (outcome.type === 'failed') return printFailure(prefix, outcome);
    if (outcome.type === 'inspected')
      for (const { message } of outcome.notes) process.stderr.write(`${name}: ${message}\n`);
    if (outcome.type === 'finished' && outcome.reduction !== undefined && outcome.reduction > 1)
      process.stderr.write(`${name}: the pictures are reduced ${outcome.reduction} times. The map is not.\n`);
    if (outcome.type === 'finished') {
      if (outcome.decided) printLine(`${name}  ${decisionLine(outcome, pixel)}`);
      return;
    }
    if (outcome.decided) return;
    const { width, height, max, imageScore, seconds, chosen } = outcome.inspection;
    if (chosen?.tiles !== undefined || chosen?.rows !== undefined) warnOfSample(chosen);
    const own = imageScore === undefined ? '' : `, own image score ${imageScore.toPrecision(4)}`;
    const score = `score ${max.toPrecision(4)}${own}`;
    printLine(`${name}  ${width} x ${height}  ${score}  ${formatStageSeconds(seconds)}`);
  };
}

/** Says that only a part of the normal images, or of a large image, was compared with. */
function printSample({
  tiles,
  tilesInImage,
  tilesInNormal,
  rows,
  rowsInNormal,
}: Record<string, number | undefined>): void {
  const note = 'evenly spread; the normal images have more than the memory limit permits.';
  if (tilesInImage !== undefined)
    process.stderr.write(
      `Scaling and reference of the image come from ${tiles} of its ${tilesInImage} tiles, evenly spread.\n`,
    );
  if (tilesInNormal !== undefined)
    process.stderr.write(`The reference comes from ${tiles} of ${tilesInNormal} tiles, ${note}\n`);
  if (rows !== undefined)
    process.stderr.write(`The memory has ${rows} of ${rowsInNormal} patches, ${note}\n`);
}

/** The function, called at the first call only. */
function once<Argument>(call: (argument: Argument) => void): (argument: Argument) => void {
  let called = false;
  return (argument) => {
    if (!called) call(argument);
    called = true;
  };
}

function printFailure(prefix: string, { path, error }: Extract<Outcome, { type: 'failed' }>): void {
  const message = withHint(error);
  // Most messages contain the path.
  const line = message.includes(path)
    ? prefix + message.replaceAll(path, displayPath(path))
    : `${prefix}${displayPath(path)}: ${message}`;
  process.stderr.write(`${line}\n`);
}

const DECISION_TEXTS = { pass: 'PASS', review: 'REVIEW', reject: 'REJECT' } as const;

function decisionLine({ decided, regions }: Finished, pixel: PixelSize | undefined): string {
  if (!decided) return '';
  const [first] = regions.filter(({ counts }) => counts);
  const reason = reasonText(decided, { pixel, regionArea: first?.area });
  const decision = decided.decision ? DECISION_TEXTS[decided.decision] : 'NOT DECIDED';
  return `${decision}  ${reason}`;
}

/**
 * Prints the records in image order, each as soon as those before it are complete.
 *
 * @param scale for sizes in millimeters
 */
export function orderedJsonPrinter(
  method: string,
  scale?: ScaleChoice,
  recipe?: LoadedRecipe,
): InspectionPrinter {
  const records = new Map<string, object | undefined>();
  return (outcome) => {
    records.set(
      outcome.path,
      outcome.type === 'inspected' ? undefined : toRecord(outcome, { method, scale, recipe }),
    );
    for (const [path, record] of records) {
      if (record === undefined) break;
      printJson(record);
      records.delete(path);
    }
  };
}

interface RecordContext {
  method: string;
  scale: ScaleChoice | undefined;
  recipe: LoadedRecipe | undefined;
}

function toRecord(
  outcome: Exclude<Outcome, { type: 'inspected' }>,
  { method, scale, recipe }: RecordContext,
): object {
  const { path } = outcome;
  if (outcome.type === 'failed') {
    const { code } = outcome.error;
    return { path, method, error: { code, message: withHint(outcome.error) } };
  }
  const { max, threshold: suggested, ...rest } = outcome.inspection;
  const { threshold, notes, files } = outcome;
  return {
    path,
    method,
    ...(recipe ? decisionRecord(outcome, recipe) : { score: max }),
    ...rest,
    ...(recipe && { max }),
    threshold,
    suggestedThreshold: suggested,
    notes,
    files,
    regions: outcome.regions.map((region) =>
      regionRecord(region, outcome.scale ?? scale, recipe !== undefined),
    ),
  };
}

function decisionRecord({ decided, regions }: Finished, { definition, ...recipe }: LoadedRecipe): object {
  const { score = null, decision = null, reason } = decided ?? {};
  const [first] = regions.filter(({ counts }) => counts);
  const { mmPerPixel } = definition;
  const physical = mmPerPixel === null ? {} : { pixel: pixelSize(mmPerPixel) };
  const text =
    decided &&
    reasonText(decided, { unit: definition.sizeLimits.unit, ...physical, regionArea: first?.area });
  return { recipe, score, thresholds: definition.thresholds, decision, reason: { ...reason, text } };
}

function regionRecord(
  { outlines, holes, counts, ...region }: Finished['regions'][number],
  scale: ScaleChoice | undefined,
  isDecided: boolean,
): object {
  return {
    ...(isDecided && { counts }),
    ...region,
    ...(scale !== undefined && { mm: inMillimeters(region, pixelSize(scale)) }),
    outlines: outlines.map(pointsOf),
    holes: holes.map(pointsOf),
  };
}

function inMillimeters(
  { area, box, centroid }: Pick<Finished['regions'][number], 'area' | 'box' | 'centroid'>,
  { x, y }: PixelSize,
): object {
  return {
    area: area * x * y,
    box: { left: box.left * x, top: box.top * y, width: box.width * x, height: box.height * y },
    centroid: { x: centroid.x * x, y: centroid.y * y },
  };
}
