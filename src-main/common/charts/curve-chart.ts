import type { Curve } from '../api/evaluation.ts';
import type { ValueRange } from '../maps/value-range.ts';
import type { Size } from '../geometry.ts';
import { escapeXml } from './escape-xml.ts';
import { axes, horizontalGridLine, type Plot, round, verticalGrid, xAt, yAt } from './plot.ts';
import { strokeOf, symbolAt } from './series.ts';
import { ticks } from './ticks.ts';

export interface Series {
  label: string;
  curve: Curve;
  /** Index of the method among those compared, which determines color, dashes and symbol. */
  index: number;
  /** The point of the current threshold. */
  mark?: { x: number; y: number } | undefined;
}

export interface Axes {
  title: string;
  x: string;
  y: string;
  /** The visible ranges. */
  view: { x: ValueRange; y: ValueRange };
  /** False positive rate up to which the area counts. The area beyond it is shaded. */
  limit?: number | undefined;
}

const MAX_STEPS = 6;

/** A line chart as SVG for a page or a chart document, whose fonts it uses. */
export function curveChart(
  { title, x, y, view, limit }: Axes,
  series: readonly Series[],
  { width, height }: Size = { width: 300, height: 236 },
): string {
  const plot: Plot = { left: 40, top: 24, right: width - 10, bottom: height - 36, ...view };
  const lines = series.map(({ curve, index, label }) => {
    const points = curve.x.map((value, i) => `${round(xAt(plot, value))} ${round(yAt(plot, curve.y[i]))}`);
    return (
      `<path d="M${points.join('L')}" ${strokeOf(index)} fill="none" stroke-width="1.6" stroke-linejoin="round">` +
      `<title>${escapeXml(label)}</title></path>`
    );
  });
  // Unlike the lines, symbols are not clipped, so that they are complete at the ends of the plot.
  const isVisible = (value: number, { low, high }: ValueRange) => value >= low && value <= high;
  const marks = series.map(({ mark, index }) =>
    mark && isVisible(mark.x, view.x) && isVisible(mark.y, view.y)
      ? symbolAt(index, round(xAt(plot, mark.x)), round(yAt(plot, mark.y)))
      : '',
  );
  // A nested SVG clips the lines to the plot.
  const clip = {
    x: plot.left,
    y: plot.top - 1,
    width: plot.right - plot.left,
    height: plot.bottom - plot.top + 2,
  };
  const clipAttributes = Object.entries(clip)
    .map(([name, value]) => `${name}="${value}"`)
    .join(' ');
  return [
    `<svg class="chart" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-label="${escapeXml(title)}">`,
    limit === undefined ? '' : outsideLimit(plot, limit),
    verticalGrid(plot, MAX_STEPS),
    ...ticks(plot.y, MAX_STEPS).map(({ value, label }) => horizontalGridLine(plot, yAt(plot, value), label)),
    axes(plot),
    `<svg ${clipAttributes} viewBox="${Object.values(clip).join(' ')}">${lines.join('')}</svg>`,
    ...marks,
    `<text class="title" x="${plot.left}" y="14">${escapeXml(title)}</text>`,
    `<text x="${(plot.left + plot.right) / 2}" y="${height - 6}" text-anchor="middle">${escapeXml(x)}</text>`,
    `<text transform="translate(11 ${(plot.top + plot.bottom) / 2}) rotate(-90)" text-anchor="middle">${escapeXml(y)}</text>`,
    '</svg>',
  ].join('');
}

/** A short piece of a method's line, for legends in HTML. */
export function legendKey(index: number): string {
  return `<svg class="legend-key" viewBox="0 0 30 8" aria-hidden="true"><path d="M1 4H29" ${strokeOf(index)} stroke-width="2"/></svg>`;
}

function outsideLimit(plot: Plot, limit: number): string {
  const { left, top, right, bottom, x } = plot;
  if (limit >= x.high) return '';
  const start = round(Math.max(xAt(plot, limit), left));
  const line =
    limit < x.low
      ? ''
      : `<path class="limit" d="M${start} ${top}V${bottom}"/><text class="mark" x="${round(start + 3)}" y="${bottom - 5}">limit ${limit}</text>`;
  return `<rect class="outside-limit" x="${start}" y="${top}" width="${round(right - start)}" height="${bottom - top}"/>${line}`;
}
