import { round, xAt, type Plot } from '../../src-main/common/charts/plot.ts';
import type { CalibrationLabel } from '../../src-main/common/api/recipes.ts';
import type { Size } from '../../src-main/common/geometry.ts';
import type { ValueRange } from '../../src-main/common/maps/value-range.ts';
import { swarm } from './swarm.ts';

/** An image of the chart. */
export interface ScoreMark {
  image: number;
  score: number;
  label: CalibrationLabel;
  /** Whether its decision contradicts its label. */
  wrong: boolean;
}

export interface PlacedMark extends ScoreMark {
  x: number;
  y: number;
}

/** Marks of one label, sorted by score, and their band in the chart. */
export interface ScoreRow {
  label: CalibrationLabel;
  top: number;
  bottom: number;
  marks: readonly PlacedMark[];
}

const LABELS: readonly CalibrationLabel[] = ['good', 'defective', 'unknown'];
/** Height above the rows for the names of the decisions, and below for the axis and the handles. */
export const HEADER = 24;
export const FOOTER = 46;
export const GUTTER = 84;
const RIGHT = 20;
/** Fraction of the range that is empty at both ends. */
const MARGIN = 0.04;

/** Side of a mark in pixels, smaller if there are many marks. */
export const markSide = (count: number): number =>
  count > 2000 ? 5 : count > 400 ? 6.5 : count > 100 ? 8 : 11;

/**
 * The range of an axis that shows scores and thresholds. Scores have a margin; thresholds have none, because a handle that is
 * dragged to the end of the axis would move it.
 */
export function axisRange(scores: readonly number[], thresholds: readonly number[] = []): ValueRange {
  const { low, high } = withMargin(scores.length > 0 ? scores : thresholds);
  return { low: Math.min(low, ...thresholds), high: Math.max(high, ...thresholds) };
}

function withMargin(scores: readonly number[]): ValueRange {
  let [low, high] = [Infinity, -Infinity];
  for (const score of scores) {
    low = Math.min(low, score);
    high = Math.max(high, score);
  }
  if (!(high > low)) return Number.isFinite(low) ? { low: low - 0.5, high: low + 0.5 } : { low: 0, high: 1 };
  const margin = MARGIN * (high - low);
  return { low: low - margin, high: high + margin };
}

export function scorePlot(range: ValueRange, { width, height }: Size): Plot {
  return {
    left: GUTTER,
    top: HEADER,
    right: Math.max(width - RIGHT, GUTTER + 1),
    bottom: Math.max(height - FOOTER, HEADER + 1),
    x: range,
    y: { low: 0, high: 1 },
  };
}

/** The rows of the chart. Labels without images have no row, except those of calibration. */
export function scoreRows(marks: readonly ScoreMark[], plot: Plot): ScoreRow[] {
  const byLabel = Map.groupBy(marks, ({ label }) => label);
  const shown = LABELS.filter((label) => label !== 'unknown' || byLabel.has(label));
  const step = (plot.bottom - plot.top) / shown.length;
  return shown.map((label, row) => {
    const members = (byLabel.get(label) ?? []).toSorted((a, b) => a.score - b.score);
    const [top, bottom] = [plot.top + row * step, plot.top + (row + 1) * step];
    const xs = members.map(({ score }) => xAt(plot, score));
    const offsets = swarm(xs, markSide(marks.length), step - 12);
    const middle = (top + bottom) / 2;
    return {
      label,
      top,
      bottom,
      marks: members.map((mark, at) => ({ ...mark, x: xs[at], y: middle + offsets[at] })),
    };
  });
}

/** The mark nearest to a point, if it is close enough. */
export function markAt(
  rows: readonly ScoreRow[],
  x: number,
  y: number,
  reach: number,
): PlacedMark | undefined {
  let nearest: PlacedMark | undefined;
  let least = reach;
  for (const { marks } of rows)
    for (const mark of marks) {
      const distance = Math.hypot(mark.x - x, mark.y - y);
      if (distance > least) continue;
      least = distance;
      nearest = mark;
    }
  return nearest;
}

/**
 * The mark that an arrow key selects: the next score in the row, or the nearest score in the next row that
 * has images.
 */
export function nextMark(
  rows: readonly ScoreRow[],
  from: PlacedMark | undefined,
  across: number,
  down: number,
): PlacedMark | undefined {
  const filled = rows.filter(({ marks }) => marks.length > 0);
  const row = filled.findIndex(({ label }) => label === from?.label);
  if (!from || row < 0) return filled[0]?.marks[0];
  if (down !== 0) {
    const { marks } = filled[Math.min(Math.max(row + down, 0), filled.length - 1)];
    return marks.reduce((best, mark) =>
      Math.abs(mark.score - from.score) < Math.abs(best.score - from.score) ? mark : best,
    );
  }
  const { marks } = filled[row];
  const at = marks.findIndex(({ image }) => image === from.image);
  return marks[Math.min(Math.max(at + across, 0), marks.length - 1)];
}

/** The outlines of marks: a circle for good, a diamond for defective, a square for unknown images. */
export function markPath(marks: readonly PlacedMark[], side: number): string {
  const r = side / 2;
  return marks.map(({ label, x, y }) => outline(label, round(x), round(y), r)).join('');
}

function outline(label: CalibrationLabel, x: number, y: number, r: number): string {
  if (label === 'good') {
    const small = round(r * 0.9);
    return `M${round(x - small)} ${y}a${small} ${small} 0 1 0 ${round(2 * small)} 0a${small} ${small} 0 1 0 ${round(-2 * small)} 0z`;
  }
  if (label === 'defective')
    return `M${x} ${round(y - r - 0.5)}l${r + 0.5} ${r + 0.5}l${-r - 0.5} ${r + 0.5}l${-r - 0.5} ${-r - 0.5}z`;
  const half = round(r * 0.75);
  return `M${round(x - half)} ${round(y - half)}h${2 * half}v${2 * half}h${-2 * half}z`;
}
