import type { ScoreHistogram } from '../api/evaluation.ts';
import { histogramPath, logHeight, maxCount } from './histogram-path.ts';
import { escape } from './escape-xml.ts';
import { axesOf, columnsOf, type Plot, round, rung, type Size, xAt } from './plot.ts';
import { sampleAt } from './series.ts';

/** The scores of a class by one method. */
export interface ScoreRow {
  label: string;
  /** Its place among the methods; gives colour, dashes and symbol. */
  place: number;
  histogram: Pick<ScoreHistogram, 'low' | 'high' | 'normal' | 'anomalous'>;
  /** The one in force, and how it is written. */
  threshold?: { score: number; text: string } | undefined;
}

const KEY = 18;
const TITLE = 18;
const TICKS = 16;
const LEFT = 34;
const RIGHT = 16;
/** Pixels that a named value takes beside or below the plot at least. */
const APART = { x: 70, y: 16 };

/** Where the rows' plots lie: each on a scale of its own, since scores of different methods are not in one unit. */
export function scorePlots(rows: readonly ScoreRow[], { width, height }: Size): Plot[] {
  const step = Math.floor((height - KEY) / Math.max(rows.length, 1));
  return rows.map(({ histogram: { low, high }, threshold }, at) => ({
    left: LEFT,
    top: KEY + at * step + TITLE,
    right: width - RIGHT,
    bottom: KEY + (at + 1) * step - TICKS,
    x: {
      low: Math.min(low, threshold?.score ?? low),
      high: extent(low, Math.max(high, threshold?.score ?? high)),
    },
    y: { low: 0, high: 1 },
  }));
}

/**
 * Histograms of the pixels of a class by score, a row a method: normal ones filled, anomalous ones outlined and hatched, the
 * threshold upright. Counts are logarithmic, and the same count is as high in every row. SVG for a page or a figure.
 */
export function scoreChart(title: string, rows: readonly ScoreRow[], size: Size): string {
  const tallest = maxCount(...rows.flatMap(({ histogram: { normal, anomalous } }) => [normal, anomalous]));
  const plots = scorePlots(rows, size);
  return [
    `<svg class="chart" width="${size.width}" height="${size.height}" viewBox="0 0 ${size.width} ${size.height}" role="img" aria-label="${escape(title)}">`,
    '<defs><pattern id="hatch" width="4" height="4" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">',
    '<path class="hatch" d="M0 0V4"/></pattern></defs>',
    key(),
    ...rows.map((row, at) => rowOf(row, plots[at], tallest)),
    '</svg>',
  ].join('');
}

function rowOf({ label, place, histogram, threshold }: ScoreRow, plot: Plot, tallest: number): string {
  const { left, top, right, bottom, x } = plot;
  const [width, height] = [right - left, bottom - top];
  const bars = (counts: readonly number[]) => histogramPath(counts, tallest, histogram, x, width, height);
  const upright = threshold && round(xAt(plot, threshold.score));
  const title = top - 5;
  return [
    columnsOf(plot, Math.max(1, Math.floor(width / APART.x))),
    ...counts(tallest, height).map(({ count, text }) =>
      rung(plot, bottom - logHeight(count, tallest) * height, text),
    ),
    `<g transform="translate(${left} ${top})"><path class="normal" d="${bars(histogram.normal)}"/>`,
    `<path class="anomalous" fill="url(#hatch)" d="${bars(histogram.anomalous)}"/></g>`,
    axesOf(plot),
    upright === undefined ? '' : `<path class="threshold" d="M${upright} ${top - 2}V${bottom}"/>`,
    sampleAt(place, left, title - 4),
    `<text class="name" x="${left + 34}" y="${title}">${escape(label)}</text>`,
    threshold ? `<text x="${right}" y="${title}" text-anchor="end">${escape(threshold.text)}</text>` : '',
  ].join('');
}

function key(): string {
  return [
    `<path class="normal" d="M${LEFT} 2h10v10h-10z"/><text x="${LEFT + 14}" y="11">normal</text>`,
    `<path class="anomalous" fill="url(#hatch)" d="M${LEFT + 62} 2h10v10h-10z"/><text x="${LEFT + 76}" y="11">anomalous</text>`,
    `<path class="threshold" d="M${LEFT + 144} 1v12"/><text x="${LEFT + 150}" y="11">threshold</text>`,
    `<text x="${LEFT + 212}" y="11">pixels (log) by score</text>`,
  ].join('');
}

/** The powers of ten that are named beside a plot. */
function counts(tallest: number, height: number): { count: number; text: string }[] {
  const powers = Math.floor(Math.log10(Math.max(tallest, 1)));
  const stride = Math.max(1, Math.ceil((powers * APART.y) / Math.max(height, 1)));
  return Array.from({ length: Math.floor(powers / stride) }, (_, i) => {
    const power = (i + 1) * stride;
    return {
      count: 10 ** power,
      text: `${10 ** (power % 3)}${['', 'k', 'M', 'G', 'T'][Math.floor(power / 3)]}`,
    };
  });
}

/** An end of the scale that differs from its beginning, also where all scores are the same. */
const extent = (low: number, high: number) => (high > low ? high : low + 1);
