import { basename, join } from 'node:path';
import { Command } from 'commander';
import { errorOf } from '../../../common/api/errors.ts';
import { DEFAULT_PRO_FPR_LIMIT } from '../../../common/api/pro-limit.ts';
import { samplesFolder } from '../../../files/samples.ts';
import { isPackaged } from '../../../platform/installation.js';
import { maskPathOf } from '../../../services/evaluation/mask-path.ts';
import type { FolderEvent } from '../../../services/inspections/folder-request.ts';
import { inspectToFolder } from '../../../services/inspections/inspect-to-folder.ts';
import { DEFAULT_MAX_PIXELS } from '../../../services/inspections/max-pixels.ts';
import { findImages } from '../../../services/library/find-images.ts';
import { defaultMethod } from '../../../services/methods/method-options.ts';
import { printLine } from '../output/print.ts';
import { type CommandContext, runCommand } from '../run-command.ts';

/** The command that starts the command line in this installation. */
const perch = isPackaged ? 'perch' : 'npx perch';

/** Pixels ignored at every side, where extractors see too little context. */
const IGNORED_BORDER = 16;

export function demoCommand(): Command {
  return new Command('demo')
    .description("Inspect the sample images that come with Perch and print each texture's pixel AUROC.")
    .summary('inspect the sample images')
    .option('--out <folder>', 'folder to write results to', 'perch-results/demo')
    .addHelpText('after', '\nExample:\n  perch demo')
    .action(({ out }: { out: string }) => runCommand((context) => demo(out, context)));
}

type Inspected = Extract<FolderEvent, { type: 'inspected' }>;

async function demo(out: string, context: CommandContext): Promise<void> {
  const { images } = await findImages([samplesFolder]);
  const classes = [...new Set(images.map(({ classFolder }) => classFolder))];
  printLine(`Inspecting ${images.length} sample images of ${classes.length} textures, without training.\n`);
  printLine(formatRow('texture', 'images', 'pixel AUROC', 's/image'));
  const aurocs: number[] = [];
  for (const folder of classes) {
    const inspected = await inspectClass(folder, join(out, basename(folder)), context);
    const auroc = await pixelAuroc(inspected, context);
    const seconds = inspected.flatMap(({ inspection }) => Object.values(inspection.seconds));
    const perImage = sum(seconds) / inspected.length;
    aurocs.push(auroc);
    printLine(formatRow(basename(folder), String(inspected.length), percent(auroc), perImage.toFixed(2)));
  }
  printLine(formatRow('mean', String(images.length), percent(sum(aurocs) / aurocs.length), ''));
  printLine(`
At 100 %, every pixel of a defect scores higher than every normal pixel; 50 % is chance.
Heatmaps and overlays: ${join(out, '<texture>', 'test', '<defect>', '*.png')}

Next:
  ${(isPackaged ? 'perch-desktop, or Perch in the menu' : 'npm start').padEnd(39)}open the window
  ${`${perch} inspect YOUR/IMAGES`.padEnd(39)}inspect your own images
  ${`${perch} --help`.padEnd(39)}list all commands`);
}

async function inspectClass(
  folder: string,
  out: string,
  { engine, signal }: CommandContext,
): Promise<Inspected[]> {
  const request = {
    paths: [folder],
    method: defaultMethod,
    out,
    maxPixels: DEFAULT_MAX_PIXELS,
    provider: 'auto' as const,
  };
  const inspected: Inspected[] = [];
  for await (const event of inspectToFolder(request, engine, signal, () => {})) {
    if (event.type === 'failed') throw errorOf(event.error);
    if (event.type === 'inspected') inspected.push(event);
  }
  return inspected;
}

async function pixelAuroc(
  inspected: readonly Inspected[],
  { engine, signal }: CommandContext,
): Promise<number> {
  const images = inspected.map(({ path, inspection, files }) => ({
    ...inspection,
    map: files.map,
    mask: maskPathOf(path),
  }));
  const request = { images, ignoreBorder: IGNORED_BORDER, proFprLimit: DEFAULT_PRO_FPR_LIMIT };
  const { metrics } = await engine.request('evaluateClass', request, { signal });
  return metrics.auroc ?? NaN;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function percent(fraction: number): string {
  return `${(100 * fraction).toFixed(1)} %`;
}

function formatRow(texture: string, images: string, auroc: string, seconds: string): string {
  return `${texture.padEnd(18)}${images.padStart(6)}${auroc.padStart(14)}${seconds.padStart(10)}`.trimEnd();
}
