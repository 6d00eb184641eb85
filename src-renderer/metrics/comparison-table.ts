import type { Cell, MetricName, Metrics } from '../../src-main/common/api/evaluation.ts';

/** Metrics of every class by every method, as far as they are known. */
export type Cells = ReadonlyMap<string, Metrics>;

export function cellKey(textureClass: string, method: number): string {
  return `${method} ${textureClass}`;
}

export function withCell(cells: Cells, { textureClass, method, metrics }: Cell): Cells {
  return new Map(cells).set(cellKey(textureClass, method), metrics);
}

/** One metric of one method over one class, as the table shows it. */
export interface Entry {
  method: number;
  /** 0 to 1; undefined while it is being reckoned or where the metric is not defined. */
  value: number | undefined;
  /** Whether no other method of the row, as shown, is better. */
  best: boolean;
  /** Value less that of the base; undefined for the base itself. */
  difference: number | undefined;
  metrics: Metrics | undefined;
}

export interface Row {
  title: string;
  entries: Entry[];
  /** Whether it is the mean of the classes. */
  mean: boolean;
}

/**
 * The table class x method of one metric, with the plain mean of the classes below where there are several (paper, Table 6).
 * Classes for which no method has the metric are left out of the mean; a method has one only where it has the metric of every other.
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
  // A class of which no method has the metric is left out, as in reports; one that is still computed is waited for.
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
  // Two that look the same are both the best.
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

/** A fraction in percent with one digit, as the table shows it. */
export function percent(fraction: number): string {
  return (100 * fraction).toFixed(1);
}

/** A difference in percent with its sign. */
export function signedPercent(difference: number): string {
  const text = percent(Math.abs(difference));
  if (text === '0.0') return '±0.0';
  return `${difference < 0 ? '−' : '+'}${text}`;
}
