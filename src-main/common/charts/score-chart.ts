import type { ScoreHistogram } from '../api/evaluation.ts';
import type { Size } from '../geometry.ts';
import { escapeXml } from './escape-xml.ts';
import { histogramPath, logHeight, maxCount } from './histogram-path.ts';
import { axes, horizontalGridLine, type Plot, round, verticalGrid, xAt } from './plot.ts';
import { lineSampleAt } from './series.ts';

/** The scores of a class by one method. */
export interface ScoreRow {
  label: string;
  /** Index of the method among those compared, which determines color, dashes and symbol. */
  index: number;
  histogram: Pick<ScoreHistogram, 'low' | 'high' | 'normal' | 'anomalous'>;
  /** The current threshold and its label. */
  threshold?: { score: number; text: string } | undefined;
}

const LEGEND_HEIGHT = 18;
const TITLE_HEIGHT = 18;
const TICKS_HEIGHT = 16;
const LEFT = 34;
const RIGHT = 16;
/** Minimum distance of labeled values, in pixels. */
const LABEL_SPACING = { x: 70, y: 16 };

/** The plot of each row. Each has its own range, because the scores of different methods have different units. */
export function scorePlots(rows: readonly ScoreRow[], { width, height }: Size): Plot[] {
  const step = Math.floor((height - LEGEND_HEIGHT) / Math.max(rows.length, 1));
  return rows.map(({ histogram: { low, high }, threshold }, row) => ({
    left: LEFT,
    top: LEGEND_HEIGHT + row * step + TITLE_HEIGHT,
    right: width - RIGHT,
    bottom: LEGEND_HEIGHT + (row + 1) * step - TICKS_HEIGHT,
    x: {
      low: Math.min(low, threshold?.score ?? low),
      high: nonEmptyEnd(low, Math.max(high, threshold?.score ?? high)),
    },
    y: { low: 0, high: 1 },
  }));
}

/**
 * Histograms of the pixel scores of a class, one row per method: normal pixels filled, anomalous pixels outlined and hatched, the
 * threshold as a vertical line. Counts are logarithmic on the same scale in all rows. SVG for a page or a chart document.
 */
export function scoreChart(title: string, rows: readonly ScoreRow[], size: Size): string {
  const most = maxCount(...rows.flatMap(({ histogram: { normal, anomalous } }) => [normal, anomalous]));
  const plots = scorePlots(rows, size);
  return [
    `<svg class="chart" width="${size.width}" height="${size.height}" viewBox="0 0 ${size.width} ${size.height}" role="img" aria-label="${escapeXml(title)}">`,
    '<defs><pattern id="hatch" width="4" height="4" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">',
    '<path class="hatch" d="M0 0V4"/></pattern></defs>',
    legend(),
    ...rows.map((row, i) => scoreRow(row, plots[i], most)),
    '</svg>',
  ].join('');
}

function scoreRow({ label, index, histogram, threshold }: ScoreRow, plot: Plot, most: number): string {
  const { left, top, right, bottom, x } = plot;
  const [width, height] = [right - left, bottom - top];
  const bars = (counts: readonly number[]) => histogramPath(counts, most, histogram, x, width, height);
  const thresholdX = threshold && round(xAt(plot, threshold.score));
  const title = top - 5;
  return [
    verticalGrid(plot, Math.max(1, Math.floor(width / LABEL_SPACING.x))),
    ...labeledCounts(most, height).map(({ count, text }) =>
      horizontalGridLine(plot, bottom - logHeight(count, most) * height, text),
    ),
    `<g transform="translate(${left} ${top})"><path class="normal" d="${bars(histogram.normal)}"/>`,
    `<path class="anomalous" fill="url(#hatch)" d="${bars(histogram.anomalous)}"/></g>`,
    axes(plot),
    thresholdX === undefined ? '' : `<path class="threshold" d="M${thresholdX} ${top - 2}V${bottom}"/>`,
    lineSampleAt(index, left, title - 4),
    `<text class="name" x="${left + 34}" y="${title}">${escapeXml(label)}</text>`,
    threshold ? `<text x="${right}" y="${title}" text-anchor="end">${escapeXml(threshold.text)}</text>` : '',
  ].join('');
}

function legend(): string {
  return [
    `<path class="normal" d="M${LEFT} 2h10v10h-10z"/><text x="${LEFT + 14}" y="11">normal</text>`,
    `<path class="anomalous" fill="url(#hatch)" d="M${LEFT + 62} 2h10v10h-10z"/><text x="${LEFT + 76}" y="11">anomalous</text>`,
    `<path class="threshold" d="M${LEFT + 144} 1v12"/><text x="${LEFT + 150}" y="11">threshold</text>`,
    `<text x="${LEFT + 212}" y="11">pixels (log) by score</text>`,
  ].join('');
}

/** The powers of ten that label the count axis. */
function labeledCounts(most: number, height: number): { count: number; text: string }[] {
  const powers = Math.floor(Math.log10(Math.max(most, 1)));
  const stride = Math.max(1, Math.ceil((powers * LABEL_SPACING.y) / Math.max(height, 1)));
  return Array.from({ length: Math.floor(powers / stride) }, (_, i) => {
    const power = (i + 1) * stride;
    return {
      count: 10 ** power,
      text: `${10 ** (power % 3)}${['', 'k', 'M', 'G', 'T'][Math.floor(power / 3)]}`,
    };
  });
}

/** The high end of a range, which is above the low end even if all scores are equal. */
const nonEmptyEnd = (low: number, high: number) => (high > low ? high : low + 1);
