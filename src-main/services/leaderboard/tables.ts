import { type BootstrapMetric, bootstrapMetric } from '../../common/api/evaluation.ts';
import { csv, type Field } from '../csv.ts';
import { DECIMALS, metricHeads } from '../reports/report.ts';
import { type Leaderboard, meanOf, type Score } from './leaderboard.ts';

/** The metrics of a leaderboard, in column order. */
export const columns: readonly BootstrapMetric[] = bootstrapMetric.options;

/** "97.18" */
export const percentText = (fraction: number | null) =>
  fraction === null ? '–' : (100 * fraction).toFixed(DECIMALS);

/** "95.10 to 98.20"; empty if there is no interval. */
export function intervalText({ low, high }: Score): string {
  return low === null || high === null ? '' : `${percentText(low)} to ${percentText(high)}`;
}

/** "0.42 s" */
export const secondsText = (seconds: number | null) =>
  seconds === null ? '–' : seconds < 10 ? seconds.toFixed(2) : seconds.toFixed(1);

/** Mebibytes. */
export const memoryText = (bytes: number | null) =>
  bytes === null ? '–' : String(Math.round(bytes / 2 ** 20));

/** One row for each method and class, the mean last, then the published metrics. Values are fractions of 1. */
export function csvLeaderboard({ datasets }: Leaderboard): string {
  const heads = columns.flatMap((name) => [name, `${name}Low`, `${name}High`]);
  const rows = datasets.flatMap(({ name: dataset, ignoreBorder, methods, published, omitted }) => [
    ...methods.flatMap(({ label, needs, license, secondsPerImage, peakBytes, rows: of }) =>
      of.map((row): Field[] => [
        dataset,
        row.class ?? 'mean',
        label,
        'measured',
        ignoreBorder,
        ...columns.flatMap((metric) => [row[metric].value, row[metric].low, row[metric].high]),
        secondsPerImage,
        peakBytes,
        needs.join('; '),
        license,
        null,
      ]),
    ),
    ...published.flatMap(({ system, source, rows: of }) =>
      of.map((row): Field[] => [
        dataset,
        row.class ?? 'mean',
        system,
        source,
        null,
        ...columns.flatMap((metric) => [row[metric] === undefined ? null : row[metric] / 100, null, null]),
        null,
        null,
        null,
        null,
        null,
      ]),
    ),
    ...omitted.flatMap(({ method, classes, reason }) =>
      (classes ?? ['mean']).map((name): Field[] => [
        dataset,
        name,
        method,
        'not run',
        ignoreBorder,
        ...heads.map(() => null),
        null,
        null,
        null,
        null,
        reason,
      ]),
    ),
  ]);
  const head = ['dataset', 'class', 'method', 'source', 'ignoreBorder', ...heads];
  return csv([...head, 'secondsPerImage', 'peakBytes', 'needs', 'license', 'reason'], rows);
}

/** The means of the classes for a terminal, as rows of cells. */
export function textRows({ methods, published }: Leaderboard['datasets'][number]): string[][] {
  const heads = columns.flatMap((name) => [metricHeads[name], '95 %']);
  return [
    ['method', ...heads, 's/image', 'MiB'],
    ...methods.map((method) => {
      const mean = meanOf(method);
      const cells = columns.flatMap((name) => [percentText(mean[name].value), intervalText(mean[name])]);
      return [method.label, ...cells, secondsText(method.secondsPerImage), memoryText(method.peakBytes)];
    }),
    ...published.flatMap(({ system, rows }) => {
      const whole = rows.find((row) => row.class === null);
      if (!whole) return [];
      const cells = columns.flatMap((name) => [whole[name]?.toFixed(DECIMALS) ?? '–', '']);
      return [[`published: ${system}`, ...cells, '', '']];
    }),
  ];
}
