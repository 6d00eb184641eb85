import type { ValueRange } from '../maps/value-range.ts';
import { normalize } from '../maps/value-range.ts';

/** The count of the fullest bin of several histograms. */
export function maxCount(...histograms: readonly (readonly number[])[]): number {
  return histograms.flat().reduce((most, count) => Math.max(most, count), 0);
}

/** How high a count is drawn, as a part of the height of the tallest: logarithmically. */
export function logHeight(count: number, tallest: number): number {
  return tallest > 0 ? Math.log1p(count) / Math.log1p(tallest) : 0;
}

/**
 * The outline of a histogram as an SVG path in a box of `width` x `height`: heights are logarithmic, since a defect is a
 * few scores beside very many; a bin that holds anything is at least one unit high.
 *
 * @param tallest the count that is as high as the box
 * @param range scores that the bins span, in equal steps
 * @param scale scores that the box spans
 */
export function histogramPath(
  counts: readonly number[],
  tallest: number,
  range: ValueRange,
  scale: ValueRange,
  width: number,
  height: number,
): string {
  const step = (range.high - range.low) / counts.length;
  const x = (edge: number) => round(normalize(range.low + edge * step, scale) * width);
  let path = `M${x(0)} ${height}`;
  for (let bin = 0; bin < counts.length; bin++) {
    const top =
      counts[bin] > 0 ? round(height - Math.max(1, logHeight(counts[bin], tallest) * height)) : height;
    path += `L${x(bin)} ${top}L${x(bin + 1)} ${top}`;
  }
  return `${path}L${x(counts.length)} ${height}Z`;
}

function round(length: number): number {
  return Math.round(length * 100) / 100;
}
