import type { Cell, MetricName, Metrics } from '../../src-main/common/api/evaluation.ts';

/** The known metrics by class and method. */
export type Cells = ReadonlyMap<string, Metrics>;

export function cellKey(textureClass: string, method: number): string {
  return `${method} ${textureClass}`;
}

export function withCell(cells: Cells, { textureClass, method, metrics }: Cell): Cells {
  return new Map(cells).set(cellKey(textureClass, method), metrics);
}

/** One method's metric on one class. */
export interface Entry {
  method: number;
  /** 0 to 1; undefined while it is being computed, or if the metric is undefined. */
  value: number | undefined;
  /** Whether no other method of the row is better at the displayed precision. */
  best: boolean;
  /** The value minus the base's value; undefined for the base itself. */
  difference: number | undefined;
  metrics: Metrics | undefined;
}

export interface Row {
  title: string;
  entries: Entry[];
  /** Whether it is the mean over the classes. */
  mean: boolean;
}

/**
 * The class x method table of one metric. With several classes, the last row is their unweighted mean (paper, Table 6).
 * The mean omits classes for which no method has a value. A method has a mean only if it has a value for
 * every other class.
 */
export function metricTable(
  classes: readonly string[],
  methods: readonly number[],
  cells: Cells,
  metric: MetricName,
  base: number | undefined,
): Row[] {
  const metricsOf = (textureClass: string, method: number) => cells.get(cellKey(textureClass, method));
  const rows = classes.map((textureClass) => {
    const metrics = methods.map((method) => metricsOf(textureClass, method));
    return row(
      textureClass,
      methods,
      metrics.map((known) => known?.[metric] ?? undefined),
      metrics,
      base,
    );
  });
  if (classes.length < 2) return rows;
  // As in reports, a class without any value is omitted. A class that is still being computed delays the
  // mean.
  const counted = rows.filter(({ entries }) =>
    entries.some(({ value, metrics }) => value !== undefined || metrics === undefined),
  );
  const means = methods.map((_, column) => mean(counted.map(({ entries }) => entries[column].value)));
  return [...rows, { ...row('Mean', methods, means, [], base), mean: true }];
}

function row(
  title: string,
  methods: readonly number[],
  values: readonly (number | undefined)[],
  metrics: readonly (Metrics | undefined)[],
  base: number | undefined,
): Row {
  const known = values.filter((value) => value !== undefined);
  // Two values that look equal are both the best.
  const best = known.length > 1 ? percent(Math.max(...known)) : undefined;
  const baseValue = values[methods.indexOf(base ?? NaN)];
  const entries = methods.map((method, column): Entry => {
    const value = values[column];
    const differs = method !== base && value !== undefined && baseValue !== undefined;
    return {
      method,
      value,
      best: value !== undefined && percent(value) === best,
      difference: differs ? value - baseValue : undefined,
      metrics: metrics[column],
    };
  });
  return { title, entries, mean: false };
}

function mean(values: readonly (number | undefined)[]): number | undefined {
  const known = values.filter((value) => value !== undefined);
  if (known.length < values.length || known.length === 0) return undefined;
  return known.reduce((sum, value) => sum + value, 0) / known.length;
}

/** A fraction in percent with one decimal. */
export function percent(fraction: number): string {
  return (100 * fraction).toFixed(1);
}

/** A signed difference in percentage points. */
export function signedPercent(difference: number): string {
  const text = percent(Math.abs(difference));
  if (text === '0.0') return '±0.0';
  return `${difference < 0 ? '−' : '+'}${text}`;
}
