import type { Curve } from '../../api/evaluation.ts';
import { escape } from './escape.ts';

export interface Series {
  label: string;
  curve: Curve;
  /** Its place among the methods; gives colour and dashes. */
  place: number;
}

export interface Axes {
  title: string;
  x: string;
  y: string;
  /** The x axis runs from 0 to here. */
  reach: number;
  /** False positive rate up to which the area counts; what lies beyond is shaded. */
  limit?: number;
}

/** Colours that stay apart for colour-blind eyes and in gray (Okabe & Ito), with dashes that stay apart in print. */
const COLOURS = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#8a6d00', '#56b4e9', '#000000'];
const DASHES = ['', '7 3', '2 2.5', '9 3 2 3', '1 4'];

export function strokeOf(place: number): string {
  const dash = DASHES[place % DASHES.length];
  return `stroke="${COLOURS[place % COLOURS.length]}"${dash && ` stroke-dasharray="${dash}"`}`;
}

const WIDTH = 300;
const HEIGHT = 236;
const PLOT = { left: 40, top: 24, right: WIDTH - 10, bottom: HEIGHT - 36 };

/** A line chart of curves in the unit square, as SVG for a page; it takes its fonts from there. */
export function chart({ title, x, y, reach, limit }: Axes, series: readonly Series[]): string {
  const atX = (value: number) => PLOT.left + (value / reach) * (PLOT.right - PLOT.left);
  const atY = (value: number) => PLOT.bottom - value * (PLOT.bottom - PLOT.top);
  const lines = series.map(({ curve, place, label }) => {
    const points = curve.x.map((value, i) => `${round(atX(value))} ${round(atY(curve.y[i]))}`);
    return (
      `<path d="M${points.join('L')}" ${strokeOf(place)} fill="none" stroke-width="1.6" stroke-linejoin="round">` +
      `<title>${escape(label)}</title></path>`
    );
  });
  // A picture within the picture cuts off what lies beyond the plot.
  const plot = {
    x: PLOT.left,
    y: PLOT.top - 1,
    width: PLOT.right - PLOT.left,
    height: PLOT.bottom - PLOT.top + 2,
  };
  const place = Object.entries(plot)
    .map(([name, value]) => `${name}="${value}"`)
    .join(' ');
  return [
    `<svg class="chart" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${escape(title)}">`,
    limit === undefined ? '' : beyond(atX(limit), limit),
    ...ticks(reach).map((value) => tick(atX(value), value)),
    ...ticks(1).map((value) => rung(atY(value), value)),
    `<path class="axis" d="M${PLOT.left} ${PLOT.top}V${PLOT.bottom}H${PLOT.right}"/>`,
    `<svg ${place} viewBox="${Object.values(plot).join(' ')}">${lines.join('')}</svg>`,
    `<text class="title" x="${PLOT.left}" y="14">${escape(title)}</text>`,
    `<text x="${(PLOT.left + PLOT.right) / 2}" y="${HEIGHT - 6}" text-anchor="middle">${escape(x)}</text>`,
    `<text transform="translate(11 ${(PLOT.top + PLOT.bottom) / 2}) rotate(-90)" text-anchor="middle">${escape(y)}</text>`,
    '</svg>',
  ].join('');
}

/** A short piece of a method's line, for the legend. */
export function swatch(place: number): string {
  return `<svg class="swatch" viewBox="0 0 30 8" aria-hidden="true"><path d="M1 4H29" ${strokeOf(place)} stroke-width="2"/></svg>`;
}

function beyond(at: number, limit: number): string {
  return (
    `<rect class="beyond" x="${round(at)}" y="${PLOT.top}" width="${round(PLOT.right - at)}" height="${PLOT.bottom - PLOT.top}"/>` +
    `<path class="limit" d="M${round(at)} ${PLOT.top}V${PLOT.bottom}"/>` +
    `<text class="mark" x="${round(at + 3)}" y="${PLOT.bottom - 5}">limit ${limit}</text>`
  );
}

function ticks(reach: number): number[] {
  const step = reach > 0.5 ? 0.2 : 0.1;
  return Array.from({ length: Math.floor(reach / step + 1e-9) + 1 }, (_, i) => i * step);
}

function tick(x: number, value: number): string {
  const at = round(x);
  return `<path class="grid" d="M${at} ${PLOT.top}V${PLOT.bottom}"/><text x="${at}" y="${PLOT.bottom + 12}" text-anchor="middle">${value.toFixed(1)}</text>`;
}

function rung(y: number, value: number): string {
  const at = round(y);
  return `<path class="grid" d="M${PLOT.left} ${at}H${PLOT.right}"/><text x="${PLOT.left - 5}" y="${round(y + 3.5)}" text-anchor="end">${value.toFixed(1)}</text>`;
}

const round = (value: number) => Math.round(value * 10) / 10;
