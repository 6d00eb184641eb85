import type { Cell, FigureName, Figures } from '../../src-main/common/api/evaluation.ts';

/** Figures of every class by every method, as far as they are known. */
export type Cells = ReadonlyMap<string, Figures>;

export function cellKey(textureClass: string, method: number): string {
  return `${method} ${textureClass}`;
}

export function withCell(cells: Cells, { textureClass, method, figures }: Cell): Cells {
  return new Map(cells).set(cellKey(textureClass, method), figures);
}

/** One figure of one method over one class, as the table shows it. */
export interface Entry {
  method: number;
  /** 0 to 1; undefined while it is being reckoned or where the figure is not defined. */
  value: number | undefined;
  /** Whether no other method of the row, as shown, is better. */
  best: boolean;
  /** Value less that of the base; undefined for the base itself. */
  difference: number | undefined;
  figures: Figures | undefined;
}

export interface Row {
  title: string;
  entries: Entry[];
  /** Whether it is the mean of the classes. */
  mean: boolean;
}

/**
 * The table class x method of one figure, with the plain mean of the classes below where there are several (paper, Table 6).
 * Classes for which no method has the figure are left out of the mean; a method has one only where it has the figure of every other.
 */
export function figureTable(
  classes: readonly string[],
  methods: readonly number[],
  cells: Cells,
  figure: FigureName,
  base: number | undefined,
): Row[] {
  const figuresOf = (textureClass: string, method: number) => cells.get(cellKey(textureClass, method));
  const rows = classes.map((textureClass) => {
    const figures = methods.map((method) => figuresOf(textureClass, method));
    return row(
      textureClass,
      methods,
      figures.map((known) => known?.[figure] ?? undefined),
      figures,
      base,
    );
  });
  if (classes.length < 2) return rows;
  // A class of which no method has the figure is left out, as in reports; one that is still computed is waited for.
  const counted = rows.filter(({ entries }) =>
    entries.some(({ value, figures }) => value !== undefined || figures === undefined),
  );
  const means = methods.map((_, column) => mean(counted.map(({ entries }) => entries[column].value)));
  return [...rows, { ...row('Mean', methods, means, [], base), mean: true }];
}

function row(
  title: string,
  methods: readonly number[],
  values: readonly (number | undefined)[],
  figures: readonly (Figures | undefined)[],
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
      figures: figures[column],
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
