import { Command } from 'commander';
import { PerchError } from '../../../common/api/errors.ts';
import { nativeWarning } from '../../../methods/backend/native-backend.ts';
import { meanMetrics } from '../../../metrics/mean-metrics.ts';
import type { ClassMetrics } from '../../../metrics/metric-accumulator.ts';
import { findMaps } from '../../../services/evaluation/match-maps-to-masks.ts';
import { evaluateMaps } from '../metrics/evaluate-maps.ts';
import { meanGaps } from '../../../services/reports/mean-gaps.ts';
import { ignoreBorderOption, proFprLimitOption } from '../options/metric-options.ts';
import { jsonOption, type JsonOption, printJson } from '../output/json.ts';
import { printError, printLine } from '../output/print.ts';
import { formatTable } from '../output/table.ts';
import { createProgressBar } from '../progress/progress-bar.ts';

interface MetricsOptions extends JsonOption {
  maps: string;
  masks: string;
  ignoreBorder: number;
  proFprLimit: number;
}

export function metricsCommand(): Command {
  return new Command('metrics')
    .description('Compute metrics of anomaly maps in files, exact over all distinct scores.')
    .summary('compute metrics of anomaly maps in files')
    .requiredOption('--maps <folder>', 'anomaly maps: NPY, TIFF (float) or PNG (16 bit), one per image')
    .requiredOption('--masks <folder>', 'ground truth masks in any image format, 0 where normal')
    .addOption(ignoreBorderOption('pixels to ignore at each side of maps and masks').default(0))
    .addOption(proFprLimitOption())
    .addOption(jsonOption())
    .addHelpText(
      'after',
      `
Both folders have the MVTec AD layout: either DEFECT/STEM.npy and DEFECT/STEM_mask.png, or several classes with
CLASS/test/DEFECT/STEM.npy and CLASS/ground_truth/DEFECT/STEM_mask.png. Normal images (good, ok) need no mask. Names match in
any case and common spellings. Maps are resized to the size of their masks. How files were matched is printed to standard
error. Defective images without a usable mask count in I-AUROC only. The exit code is 1 if nothing could be evaluated.

Metrics:
  AUPRO       area under the per-region-overlap curve up to the limit, normalized
  AUROC, AP   area under the ROC curve and average precision, over all pixels of a class
  F1-max      highest F1 over all thresholds, with its threshold
  PRO@F1-max  mean covered fraction of the defect regions at that threshold
  I-AUROC     image-level AUROC; the score of an image is the maximum of its map
--json prints fractions, the table percent.

Examples:
  perch metrics --maps maps/ --masks ground_truth/
  perch metrics --maps anomaly_maps/ --masks mvtec_ad/ --ignore-border 100 --json`,
    )
    .action(measure);
}

async function measure({ maps, masks, ignoreBorder, proFprLimit, json }: MetricsOptions): Promise<void> {
  const warning = nativeWarning();
  if (warning !== undefined) printError(`warning: ${warning}`);
  const { classes, notes } = await findMaps(maps, masks);
  const measured: [textureClass: string, ClassMetrics][] = [];
  const bar = await createProgressBar();
  bar?.start(classes.length, 0, { name: '' });
  try {
    for (const [done, ofClass] of classes.entries()) {
      bar?.update(done, { name: ofClass.textureClass });
      const onProgress = (fraction: number) => bar?.update(done + fraction);
      const options = { ignoreBorder, proFprLimit };
      const { metrics, notes: classNotes } = await evaluateMaps(ofClass, options, onProgress);
      measured.push([ofClass.textureClass, metrics]);
      notes.push(...classNotes.map((note) => `${ofClass.textureClass}: ${note}`));
    }
  } finally {
    bar?.stop();
  }
  const mean = meanMetrics(measured.map(([, metrics]) => metrics));
  if (json) printJson({ ignoreBorder, proFprLimit, ...mean, classes: Object.fromEntries(measured), notes });
  else {
    process.stdout.write(table(measured.length > 1 ? [...measured, ['mean', mean] as const] : measured));
    printLine(`Percent. AUPRO up to FPR ${proFprLimit}; a border of ${ignoreBorder} px is ignored.`);
  }
  [...notes, ...meanNotes(measured)].forEach(printError);
  if (percentNames.every((name) => mean[name] === null))
    throw new PerchError('NO_GROUND_TRUTH', 'Nothing could be evaluated; see the reasons above.');
}

const percentHeads = {
  auPro: 'AUPRO',
  auroc: 'AUROC',
  f1Max: 'F1-max',
  imageAuroc: 'I-AUROC',
  averagePrecision: 'AP',
  meanRegionOverlap: 'PRO@F1-max',
} as const;
const percentNames = Object.keys(percentHeads) as (keyof typeof percentHeads)[];

/** Notes on classes that the mean of a metric leaves out. */
function meanNotes(measured: readonly (readonly [title: string, metrics: ClassMetrics])[]): string[] {
  if (measured.length < 2) return [];
  const gaps = percentNames.map((name) => {
    const without = measured.filter(([, metrics]) => metrics[name] === null);
    return { head: percentHeads[name], without: without.map(([title]) => title) };
  });
  return meanGaps(gaps, measured.length);
}

function table(rows: readonly (readonly [title: string, metrics: ClassMetrics])[]): string {
  const head = ['', ...Object.values(percentHeads), 'threshold', 'images', 'anomalous', 'regions'];
  const lines = rows.map(([title, metrics]) => [
    title,
    ...percentNames.map((name) => percent(metrics[name])),
    metrics.f1MaxThreshold?.toPrecision(6) ?? '-',
    metrics.images,
    metrics.anomalousImages,
    metrics.regions,
  ]);
  return formatTable([head, ...lines]);
}

function percent(fraction: number | null): string {
  return fraction === null ? '-' : (100 * fraction).toFixed(2);
}
