import type { Cell, Curve, MetricName, Metrics } from '../../common/api/evaluation.ts';
import type { ClassDecisions } from './decisions.ts';
import { meanGaps } from './mean-gaps.ts';
import type { PaperColumns } from './paper.ts';

/** The content of a report on a dataset. The renderers in this folder produce text, CSV, JSON and HTML. */
export interface Report {
  dataset: string;
  /** Pixels cropped at every side before metrics are computed. */
  ignoreBorder: number;
  /** False positive rate up to which AUPRO integrates. */
  proFprLimit: number;
  /** The first one is the base of comparison. */
  methods: ReportMethod[];
  /** Classes with ground truth, in dataset order. */
  classes: string[];
  /** One for each class and method. */
  cells: Cell[];
  /** One for each class that a calibrated recipe decides. */
  decisions: ClassDecisions[];
  /** What the metrics omit, and why some are undefined, one sentence each. */
  notes: string[];
  paper?: PaperColumns;
}

export interface ReportMethod {
  id: number;
  label: string;
  /** The method's definition as text. */
  definition: string;
}

/** Curves and example images of an HTML report. */
export interface ReportImages {
  /** ISO 8601. */
  madeAt: string;
  curves: { textureClass: string; method: number; roc: Curve; pro: Curve }[];
  examples: Example[];
}

/** An image with the methods' heatmaps, all as `data:` addresses. */
export interface Example {
  textureClass: string;
  name: string;
  /** The image with its ground truth outlined. */
  picture: string;
  heatmaps: { method: number; picture: string }[];
}

/** A row of the table: a class, or the mean of the classes. */
export interface ReportRow {
  title: string;
  /** Undefined for the mean. */
  textureClass: string | undefined;
  entries: Entry[];
}

/** One method's metrics in a row. */
export interface Entry {
  method: ReportMethod;
  /** Undefined for the mean. */
  metrics: Metrics | undefined;
  percents: Record<MetricName, Percent>;
}

/** A metric in percent, as the table shows it. */
export interface Percent {
  /** Null if the metric is undefined. */
  value: number | null;
  /** Whether no other displayed method of the row is better; false if there is nothing to compare. */
  best: boolean;
  /** The value minus the base's value; null for the base itself, and if either value is undefined. */
  difference: number | null;
}

/** Metrics in column order, with their heads. */
export const metricHeads: Record<MetricName, string> = {
  auPro: 'AUPRO',
  auroc: 'AUROC',
  f1Max: 'F1-max',
  imageAuroc: 'I-AUROC',
  averagePrecision: 'AP',
  meanRegionOverlap: 'PRO@F1-max',
};
export const metricNames = Object.keys(metricHeads) as MetricName[];

/** Decimal places of a percentage. Values that round to the same text count as equal. */
export const DECIMALS = 2;

/**
 * The table class x method (paper, Table 6). The last row is the unweighted mean of the classes, if there are
 * several. A method's mean omits classes for which no method has the metric. A method has a mean only if it
 * has the metric for every other class.
 */
export function reportRows({ classes, methods, cells }: Report): ReportRow[] {
  const known = new Map(cells.map((cell) => [`${cell.method} ${cell.textureClass}`, cell.metrics]));
  const metrics = classes.map((name) => methods.map(({ id }) => known.get(`${id} ${name}`)));
  const fractions = metrics.map((row) => row.map((of) => fractionsOf((name) => of?.[name] ?? null)));
  const rows = classes.map((name, at) => ({
    title: name,
    textureClass: name,
    entries: entriesOf(methods, fractions[at], metrics[at]),
  }));
  if (rows.length < 2) return rows;
  const means = methods.map((_, column) =>
    fractionsOf((name) => {
      const defined = fractions.filter((row) => row.some((of) => of[name] !== null));
      return mean(defined.map((row) => row[column][name]));
    }),
  );
  return [...rows, { title: 'mean', textureClass: undefined, entries: entriesOf(methods, means, []) }];
}

/** A method's seconds per image over all classes; null if unknown. */
export function secondsPerImage({ cells }: Pick<Report, 'cells'>, method: number): number | null {
  let [seconds, images] = [0, 0];
  for (const { method: of, metrics } of cells) {
    if (of !== method || metrics.secondsPerImage === null) continue;
    seconds += metrics.secondsPerImage * metrics.images;
    images += metrics.images;
  }
  return images > 0 ? seconds / images : null;
}

type Fractions = Record<MetricName, number | null>;

function fractionsOf(at: (name: MetricName) => number | null): Fractions {
  return Object.fromEntries(metricNames.map((name) => [name, at(name)])) as Fractions;
}

function entriesOf(
  methods: readonly ReportMethod[],
  fractions: readonly Fractions[],
  metrics: readonly (Metrics | undefined)[],
): Entry[] {
  const percents = (name: MetricName) => fractions.map((of) => (of[name] === null ? null : 100 * of[name]));
  return methods.map((method, column) => {
    const entry = (name: MetricName) => [name, percentOf(percents(name), column)];
    return {
      method,
      metrics: metrics[column],
      percents: Object.fromEntries(metricNames.map(entry)) as Entry['percents'],
    };
  });
}

function percentOf(row: readonly (number | null)[], column: number): Percent {
  const value = row[column];
  if (value === null) return { value, best: false, difference: null };
  const base = column === 0 ? null : row[0];
  return { value, best: isBest(value, row), difference: base === null ? null : value - base };
}

function isBest(value: number, values: readonly (number | null)[]): boolean {
  const known = values.filter((other) => other !== null);
  return known.length > 1 && known.every((other) => shown(value) >= shown(other));
}

const shown = (percent: number) => Number(percent.toFixed(DECIMALS));

function mean(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length > 0 && known.length === values.length
    ? known.reduce((sum, value) => sum + value, 0) / known.length
    : null;
}

/** The classes that the means omit, in sentences. */
export function meanNotes({ classes, cells }: Pick<Report, 'classes' | 'cells'>): string[] {
  if (classes.length < 2) return [];
  const gaps = metricNames.map((name) => ({
    head: metricHeads[name],
    without: classes.filter((title) =>
      cells.every(({ textureClass, metrics }) => textureClass !== title || metrics[name] === null),
    ),
  }));
  return meanGaps(gaps, classes.length);
}

/** Every class's notes. A note that applies to all methods appears once. */
export function notesOf(
  classes: readonly string[],
  cells: Report['cells'],
  methods: readonly ReportMethod[],
): string[] {
  return classes.flatMap((textureClass) => {
    const of = cells.filter((cell) => cell.textureClass === textureClass);
    const notes = [...new Set(of.flatMap(({ metrics }) => metrics.notes))];
    return notes.map((note) => {
      const having = of.filter(({ metrics }) => metrics.notes.includes(note)).map(({ method }) => method);
      const labels = methods.filter(({ id }) => having.includes(id)).map(({ label }) => label);
      return having.length === of.length
        ? `${textureClass}: ${note}`
        : `${textureClass}, ${labels.join(', ')}: ${note}`;
    });
  });
}
