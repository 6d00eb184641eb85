import type { ChartConfiguration, ChartDataset } from 'chart.js';
import type { Point, Series } from './curves.ts';
import { themeColor } from './theme-color.ts';
import { seriesStyle } from './series-style.ts';

/** The three curves (docs/method.md, section 4). */
export const curveKinds = ['roc', 'pro', 'pr'] as const;
export type CurveKind = (typeof curveKinds)[number];

export const axes: Record<CurveKind, { title: string; x: string; y: string }> = {
  roc: { title: 'ROC', x: 'False positive rate', y: 'True positive rate' },
  pro: { title: 'PRO', x: 'False positive rate', y: 'Per-region overlap' },
  pr: { title: 'PR', x: 'Recall', y: 'Precision' },
};

interface ChartContent {
  kind: CurveKind;
  series: readonly Series[];
  /** FPR limit of AUPRO. */
  limit: number;
  /** Each method's active threshold on its curve. */
  marks: ReadonlyMap<number, Point>;
  /** Position of the readout along x. */
  cursor: number | undefined;
}

type LineConfiguration = ChartConfiguration<'line', Point[]>;

/** The parts of a chart that change with its content: lines and marks. */
export function chartData({ kind, series, limit, marks, cursor }: ChartContent) {
  const lines = series.map(lineOf);
  const marked = series.flatMap((one) => {
    const mark = marks.get(one.method);
    return mark ? [markOf(one, mark)] : [];
  });
  const verticalLine = (value: number, color: string, dash: number[]) => ({
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
        : { limit: { ...verticalLine(limit, themeColor('--secondary'), [4, 4]), ...limitLabel(limit) } }),
      ...(cursor === undefined ? {} : { cursor: verticalLine(cursor, themeColor('--text'), []) }),
    },
  };
}

function lineOf({ curve, index, label }: Series): ChartDataset<'line', Point[]> {
  const { token, dash } = seriesStyle(index);
  return {
    label,
    data: curve.x.map((x, at) => ({ x, y: curve.y[at] })),
    borderColor: themeColor(token),
    borderDash: [...dash],
    borderWidth: 1.75,
    pointRadius: 0,
    pointHitRadius: 0,
  };
}

function markOf({ index, label }: Series, mark: Point): ChartDataset<'line', Point[]> {
  const { token, symbol } = seriesStyle(index);
  return {
    label: `${label}, threshold`,
    data: [mark],
    showLine: false,
    // Do not clip symbols at the edge of the plot.
    clip: 8,
    pointStyle: symbol,
    pointRadius: 6,
    pointBorderWidth: 2,
    pointBorderColor: themeColor(token),
    pointBackgroundColor: themeColor('--panel'),
  };
}

function limitLabel(limit: number) {
  return {
    label: {
      display: true,
      content: `limit ${limit}`,
      position: 'start' as const,
      backgroundColor: themeColor('--panel'),
      color: themeColor('--secondary'),
      font: { size: 11 },
      padding: 2,
    },
  };
}

/** The configuration of a chart: axes in the colors of the theme; zoom by wheel, drag and pinch. */
export function curveChartOptions(content: ChartContent): LineConfiguration {
  const { x, y } = axes[content.kind];
  const { datasets, annotations } = chartData(content);
  const axis = (title: string) => ({
    type: 'linear' as const,
    min: 0,
    max: 1,
    title: { display: true, text: title, color: themeColor('--secondary') },
    ticks: { color: themeColor('--secondary'), maxTicksLimit: 6 },
    grid: { color: themeColor('--line') },
    border: { color: themeColor('--edge') },
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
