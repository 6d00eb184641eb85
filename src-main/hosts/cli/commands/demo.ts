import { basename, join } from 'node:path';
import { Command } from 'commander';
import { PerchError } from '../../../common/api/errors.ts';
import type { EngineClient } from '../../../engine/client/engine-client.ts';
import { samplesFolder } from '../../../files/samples.ts';
import { isPackaged } from '../../../platform/installation.js';
import { maskPathOf } from '../../../services/evaluation/ground-truth.ts';
import { type FolderEvent, inspectToFolder } from '../../../services/inspections/inspect-to-folder.ts';
import { DEFAULT_MAX_PIXELS } from '../../../services/inspections/limits.ts';
import { findImages } from '../../../services/library/find-images.ts';
import { standardMethod } from '../../../services/method-choices.ts';
import { withEngine } from '../with-engine.ts';

/** The command as a person types it here. */
const command = isPackaged ? 'perch' : 'npx perch';

/** Pixels cut from maps and masks before any metric: extractors see little beyond the border. */
const IGNORE_BORDER = 16;

export function demoCommand(): Command {
  return new Command('demo')
    .description('inspect the sample textures that come with Perch and say how well defects stand out')
    .option('--out <folder>', 'where results are written', 'perch-results/demo')
    .addHelpText('after', '\nExample:\n  perch demo')
    .action(({ out }: { out: string }) => withEngine((engine, signal) => run(out, engine, signal)));
}

type Inspected = Extract<FolderEvent, { type: 'inspected' }>;

async function run(out: string, engine: EngineClient, signal: AbortSignal): Promise<void> {
  const { images } = await findImages([samplesFolder]);
  const classes = [...new Set(images.map(({ classFolder }) => classFolder))];
  process.stdout.write(
    `Inspecting ${images.length} sample images of ${classes.length} textures, untrained, one by one.\n\n`,
  );
  process.stdout.write(
    `${'texture'.padEnd(18)}${'images'.padStart(6)}${'pixel AUROC'.padStart(14)}${'s/image'.padStart(10)}\n`,
  );

  const aurocs: number[] = [];
  for (const folder of classes) {
    const inspected = await inspectClass(folder, join(out, basename(folder)), engine, signal);
    const auroc = await pixelAuroc(inspected, engine, signal);
    const seconds = inspected.flatMap(({ inspection }) => Object.values(inspection.seconds));
    const perImage = seconds.reduce((sum, value) => sum + value, 0) / inspected.length;
    aurocs.push(auroc);
    process.stdout.write(
      row(basename(folder), String(inspected.length), percent(auroc), perImage.toFixed(2)),
    );
  }
  const mean = aurocs.reduce((sum, value) => sum + value, 0) / aurocs.length;
  process.stdout.write(row('mean', String(images.length), percent(mean), ''));
  process.stdout.write(`
100 % would mean that every pixel of a defect scores above every normal one, 50 % is chance.
Heatmaps and overlays: ${join(out, '<texture>', 'test', '<kind>', '*.png')}

Next:
  ${(isPackaged ? 'perch-desktop, or Perch in the menu' : 'npm start').padEnd(39)}look at images in the window
  ${`${command} inspect YOUR/IMAGES`.padEnd(39)}inspect your own
  ${`${command} --help`.padEnd(39)}what else there is
`);
}

async function inspectClass(
  folder: string,
  out: string,
  engine: EngineClient,
  signal: AbortSignal,
): Promise<Inspected[]> {
  const request = {
    paths: [folder],
    method: standardMethod,
    out,
    maxPixels: DEFAULT_MAX_PIXELS,
    provider: 'auto' as const,
  };
  const inspected: Inspected[] = [];
  for await (const event of inspectToFolder(request, engine, signal, () => {})) {
    if (event.type === 'failed') throw new PerchError(event.error.code, event.error.message);
    if (event.type === 'inspected') inspected.push(event);
  }
  return inspected;
}

async function pixelAuroc(
  inspected: readonly Inspected[],
  engine: EngineClient,
  signal: AbortSignal,
): Promise<number> {
  const images = inspected.map(({ path, inspection, files }) => ({
    ...inspection,
    map: files.map,
    mask: maskPathOf(path),
  }));
  const { metrics } = await engine.request(
    'evaluateClass',
    { images, ignoreBorder: IGNORE_BORDER, proFprLimit: 0.3 },
    { signal },
  );
  return metrics.auroc ?? NaN;
}

function percent(fraction: number): string {
  return `${(100 * fraction).toFixed(1)} %`;
}

function row(name: string, images: string, auroc: string, seconds: string): string {
  return `${name.padEnd(18)}${images.padStart(6)}${auroc.padStart(14)}${seconds.padStart(10)}\n`;
}
