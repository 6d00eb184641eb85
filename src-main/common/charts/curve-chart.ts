import type { Curve } from '../api/evaluation.ts';
import type { ValueRange } from '../maps/value-range.ts';
import { escape } from './escape-xml.ts';
import { axesOf, columnsOf, type Plot, round, rung, type Size, xAt, yAt } from './plot.ts';
import { strokeOf, symbolAt } from './series.ts';
import { ticks } from './ticks.ts';

export interface Series {
  label: string;
  curve: Curve;
  /** Its place among the methods; gives colour, dashes and symbol. */
  place: number;
  /** The point of its threshold. */
  mark?: { x: number; y: number } | undefined;
}

export interface Axes {
  title: string;
  x: string;
  y: string;
  /** The values that are shown. */
  view: { x: ValueRange; y: ValueRange };
  /** False positive rate up to which the area counts; what lies beyond is shaded. */
  limit?: number | undefined;
}

const STEPS = 6;

/** A line chart of curves, as SVG for a page or a figure; it takes its fonts from there. */
export function curveChart(
  { title, x, y, view, limit }: Axes,
  series: readonly Series[],
  { width, height }: Size = { width: 300, height: 236 },
): string {
  const plot: Plot = { left: 40, top: 24, right: width - 10, bottom: height - 36, ...view };
  const lines = series.map(({ curve, place, label }) => {
    const points = curve.x.map((value, i) => `${round(xAt(plot, value))} ${round(yAt(plot, curve.y[i]))}`);
    return (
      `<path d="M${points.join('L')}" ${strokeOf(place)} fill="none" stroke-width="1.6" stroke-linejoin="round">` +
      `<title>${escape(label)}</title></path>`
    );
  });
  // A symbol at an end of the plot is whole, so it is not cut with the lines.
  const seen = (value: number, { low, high }: ValueRange) => value >= low && value <= high;
  const marks = series.map(({ mark, place }) =>
    mark && seen(mark.x, view.x) && seen(mark.y, view.y)
      ? symbolAt(place, round(xAt(plot, mark.x)), round(yAt(plot, mark.y)))
      : '',
  );
  // A picture within the picture cuts off what lies beyond the plot.
  const inner = {
    x: plot.left,
    y: plot.top - 1,
    width: plot.right - plot.left,
    height: plot.bottom - plot.top + 2,
  };
  const place = Object.entries(inner)
    .map(([name, value]) => `${name}="${value}"`)
    .join(' ');
  return [
    `<svg class="chart" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-label="${escape(title)}">`,
    limit === undefined ? '' : beyond(plot, limit),
    columnsOf(plot, STEPS),
    ...ticks(plot.y, STEPS).map(({ value, label }) => rung(plot, yAt(plot, value), label)),
    axesOf(plot),
    `<svg ${place} viewBox="${Object.values(inner).join(' ')}">${lines.join('')}</svg>`,
    ...marks,
    `<text class="title" x="${plot.left}" y="14">${escape(title)}</text>`,
    `<text x="${(plot.left + plot.right) / 2}" y="${height - 6}" text-anchor="middle">${escape(x)}</text>`,
    `<text transform="translate(11 ${(plot.top + plot.bottom) / 2}) rotate(-90)" text-anchor="middle">${escape(y)}</text>`,
    '</svg>',
  ].join('');
}

/** A short piece of a method's line, for the legend. */
export function swatch(place: number): string {
  return `<svg class="swatch" viewBox="0 0 30 8" aria-hidden="true"><path d="M1 4H29" ${strokeOf(place)} stroke-width="2"/></svg>`;
}

function beyond(plot: Plot, limit: number): string {
  const { left, top, right, bottom, x } = plot;
  if (limit >= x.high) return '';
  const at = round(Math.max(xAt(plot, limit), left));
  const line =
    limit < x.low
      ? ''
      : `<path class="limit" d="M${at} ${top}V${bottom}"/><text class="mark" x="${round(at + 3)}" y="${bottom - 5}">limit ${limit}</text>`;
  return `<rect class="beyond" x="${at}" y="${top}" width="${round(right - at)}" height="${bottom - top}"/>${line}`;
}
