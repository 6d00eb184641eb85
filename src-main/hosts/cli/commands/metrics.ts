import { Command } from 'commander';
import { PerchError } from '../../../common/api/errors.ts';
import type { ClassMetrics } from '../../../metrics/metric-accumulator.ts';
import { meanMetrics } from '../../../metrics/mean-metrics.ts';
import { nativeWarning } from '../../../methods/backend/native-backend.ts';
import { findMaps } from '../../../services/evaluation/map-folders.ts';
import { measureMaps } from '../../../services/evaluation/measure-maps.ts';
import { meanGaps } from '../../../services/reports/mean-gaps.ts';
import { ignoreBorderOption, proLimitOption } from '../options/metric-options.ts';
import { progressBar } from '../progress/progress-bar.ts';

interface MetricsOptions {
  maps: string;
  masks: string;
  ignoreBorder: number;
  proFprLimit: number;
  json?: boolean;
}

export function metricsCommand(): Command {
  return new Command('metrics')
    .description('metrics of anomaly maps that were made elsewhere, exact over every distinct score')
    .requiredOption('--maps <folder>', 'NPY, TIFF (float) or PNG (16 bits), one an image')
    .requiredOption('--masks <folder>', 'ground truth in any image format, 0 where normal')
    .addOption(ignoreBorderOption('pixels cut at every side of maps and masks').default(0))
    .addOption(proLimitOption())
    .option('--json', 'print one JSON object, metrics as fractions of 1')
    .addHelpText(
      'after',
      `
Both folders are in the MVTec AD layout: KIND/STEM.npy and KIND/STEM_mask.png, no masks for normal kinds ("good", "ok");
or CLASS/test/KIND/STEM.npy and CLASS/ground_truth/KIND/STEM_mask.png, several classes next to each other. Names count in
any case and spelling. A map that is smaller or larger than its mask is resized to it first. What was matched with what is
told on standard error. Defective images without a usable mask count in I-AUROC only. The exit code is 1 where nothing
could be evaluated.

Metrics: AUPRO up to the limit; AUROC and average precision (AP) over all pixels of a class; the highest F1 over all
thresholds (F1-max), its threshold, and the mean covered fraction of the defect regions there (PRO@F1-max); image-level
AUROC (I-AUROC), where the score of an image is the maximum of its map.

Examples:
  perch metrics --maps maps/ --masks ground_truth/
  perch metrics --maps anomaly_maps/ --masks mvtec_ad/ --ignore-border 100 --json`,
    )
    .action(run);
}

async function run({ maps, masks, ignoreBorder, proFprLimit, json }: MetricsOptions): Promise<void> {
  const warning = nativeWarning();
  if (warning !== undefined) process.stderr.write(`perch: warning: ${warning}\n`);
  const { classes, notes } = await findMaps(maps, masks);
  const measured: [textureClass: string, ClassMetrics][] = [];
  const bar = await progressBar();
  bar?.start(classes.length, 0, { name: '' });
  try {
    for (const [done, ofClass] of classes.entries()) {
      bar?.update(done, { name: ofClass.textureClass });
      const onProgress = (fraction: number) => bar?.update(done + fraction);
      const { metrics, notes: told } = await measureMaps(ofClass, { ignoreBorder, proFprLimit }, onProgress);
      measured.push([ofClass.textureClass, metrics]);
      notes.push(...told.map((note) => `${ofClass.textureClass}: ${note}`));
    }
  } finally {
    bar?.stop();
  }
  const whole = meanMetrics(measured.map(([, metrics]) => metrics));
  if (json) {
    const outcome = { ignoreBorder, proFprLimit, ...whole, classes: Object.fromEntries(measured), notes };
    process.stdout.write(`${JSON.stringify(outcome, null, 2)}\n`);
  } else {
    const rows = measured.length > 1 ? [...measured, ['mean', whole] as const] : measured;
    process.stdout.write(
      `${table(rows)}\nPercent. AUPRO up to FPR ${proFprLimit}; border ${ignoreBorder} px.\n`,
    );
  }
  for (const note of [...notes, ...meanNotes(measured)]) process.stderr.write(`perch: ${note}\n`);
  if (Object.keys(PERCENTS).every((name) => whole[name as keyof typeof PERCENTS] === null)) {
    throw new PerchError('NO_GROUND_TRUTH', 'Nothing could be evaluated; the reasons are above.');
  }
}

const PERCENTS = {
  auPro: 'AUPRO',
  auroc: 'AUROC',
  f1Max: 'F1-max',
  imageAuroc: 'I-AUROC',
  averagePrecision: 'AP',
  meanRegionOverlap: 'PRO@F1-max',
} as const;

/** Which classes the mean of a metric is not over. */
function meanNotes(measured: readonly (readonly [title: string, metrics: ClassMetrics])[]): string[] {
  if (measured.length < 2) return [];
  const gaps = Object.keys(PERCENTS).map((name) => {
    const without = measured.filter(([, metrics]) => metrics[name as keyof typeof PERCENTS] === null);
    return { head: PERCENTS[name as keyof typeof PERCENTS], without: without.map(([title]) => title) };
  });
  return meanGaps(gaps, measured.length);
}

function table(rows: readonly (readonly [title: string, metrics: ClassMetrics])[]): string {
  const head = ['', ...Object.values(PERCENTS), 'threshold', 'images', 'anomalous', 'regions'];
  const lines = rows.map(([title, metrics]) => [
    title,
    ...Object.keys(PERCENTS).map((name) => percent(metrics[name as keyof typeof PERCENTS])),
    metrics.f1MaxThreshold?.toPrecision(6) ?? '-',
    ...[metrics.images, metrics.anomalousImages, metrics.regions].map(String),
  ]);
  const widths = head.map((_, at) => Math.max(...[head, ...lines].map((line) => line[at].length)));
  return [head, ...lines]
    .map((line) =>
      line.map((text, at) => (at === 0 ? text.padEnd(widths[0]) : text.padStart(widths[at]))).join('  '),
    )
    .join('\n');
}

function percent(fraction: number | null): string {
  return fraction === null ? '-' : (100 * fraction).toFixed(2);
}
