import type { ChartConfiguration, ChartDataset } from 'chart.js';
import type { Point, Series } from './curves.ts';
import { roleColor } from './roles.ts';
import { seriesStyle } from './series-style.ts';

/** Which of the three curves (method.md, section 4) is drawn. */
export const curveKinds = ['roc', 'pro', 'pr'] as const;
export type CurveKind = (typeof curveKinds)[number];

export const axes: Record<CurveKind, { title: string; x: string; y: string }> = {
  roc: { title: 'ROC', x: 'False positive rate', y: 'True positive rate' },
  pro: { title: 'PRO', x: 'False positive rate', y: 'Per-region overlap' },
  pr: { title: 'PR', x: 'Recall', y: 'Precision' },
};

interface Drawn {
  kind: CurveKind;
  series: readonly Series[];
  /** FPR up to which the PRO area counts. */
  limit: number;
  /** Where the threshold in force lies on each method's curve. */
  marks: ReadonlyMap<number, Point>;
  /** Place that is read. */
  cursor: number | undefined;
}

type LineConfiguration = ChartConfiguration<'line', Point[]>;

/** What of a chart changes with what it shows: its lines and marks. */
export function drawing({ kind, series, limit, marks, cursor }: Drawn) {
  const lines = series.map(lineOf);
  const marked = series.flatMap((one) => {
    const mark = marks.get(one.method);
    return mark ? [markOf(one, mark)] : [];
  });
  const upright = (value: number, color: string, dash: number[]) => ({
    type: 'line' as const,
    xMin: value,
    xMax: value,
    borderColor: color,
    borderWidth: 1,
    borderDash: dash,
  });
  return {
    datasets: [...lines, ...marked],
    annotations: {
      ...(kind === 'pr'
        ? {}
        : { limit: { ...upright(limit, roleColor('--secondary'), [4, 4]), ...limitLabel(limit) } }),
      ...(cursor === undefined ? {} : { cursor: upright(cursor, roleColor('--text'), []) }),
    },
  };
}

function lineOf({ curve, index, label }: Series): ChartDataset<'line', Point[]> {
  const { role, dash } = seriesStyle(index);
  return {
    label,
    data: curve.x.map((x, at) => ({ x, y: curve.y[at] })),
    borderColor: roleColor(role),
    borderDash: [...dash],
    borderWidth: 1.75,
    pointRadius: 0,
    pointHitRadius: 0,
  };
}

function markOf({ index, label }: Series, mark: Point): ChartDataset<'line', Point[]> {
  const { role, symbol } = seriesStyle(index);
  return {
    label: `${label}, threshold`,
    data: [mark],
    showLine: false,
    // A symbol at an end of the plot is whole.
    clip: 8,
    pointStyle: symbol,
    pointRadius: 6,
    pointBorderWidth: 2,
    pointBorderColor: roleColor(role),
    pointBackgroundColor: roleColor('--panel'),
  };
}

function limitLabel(limit: number) {
  return {
    label: {
      display: true,
      content: `limit ${limit}`,
      position: 'start' as const,
      backgroundColor: roleColor('--panel'),
      color: roleColor('--secondary'),
      font: { size: 11 },
      padding: 2,
    },
  };
}

/** The whole configuration of a chart: axes in the colors of the theme, zoom by wheel, drag and pinch. */
export function configuration(drawn: Drawn): LineConfiguration {
  const { x, y } = axes[drawn.kind];
  const { datasets, annotations } = drawing(drawn);
  const axis = (title: string) => ({
    type: 'linear' as const,
    min: 0,
    max: 1,
    title: { display: true, text: title, color: roleColor('--secondary') },
    ticks: { color: roleColor('--secondary'), maxTicksLimit: 6 },
    grid: { color: roleColor('--line') },
    border: { color: roleColor('--edge') },
  });
  const all = { min: 0, max: 1, minRange: 0.002 };
  return {
    type: 'line',
    data: { datasets },
    options: {
      animation: false,
      parsing: false,
      normalized: true,
      maintainAspectRatio: false,
      events: [],
      scales: { x: axis(x), y: axis(y) },
      plugins: {
        legend: { display: false },
        tooltip: { enabled: false },
        annotation: { annotations },
        zoom: {
          limits: { x: all, y: all },
          zoom: {
            mode: 'xy',
            wheel: { enabled: true, speed: 0.2 },
            pinch: { enabled: true },
            drag: { enabled: true, threshold: 6, backgroundColor: 'rgb(110 168 254 / 20%)' },
          },
        },
      },
    },
  };
}
