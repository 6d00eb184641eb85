import { normalize, type ValueRange } from '../maps/value-range.ts';

/** The highest count of several histograms. */
export function maxCount(...histograms: readonly (readonly number[])[]): number {
  return histograms.flat().reduce((most, count) => Math.max(most, count), 0);
}

/** The drawn height of a count, as a fraction of `most`'s height, on a logarithmic scale. */
export function logHeight(count: number, most: number): number {
  return most > 0 ? Math.log1p(count) / Math.log1p(most) : 0;
}

/**
 * The outline of a histogram as an SVG path in a box of `width` x `height`. Heights are logarithmic, because a defect has few
 * scores compared with the normal texture. A bin that is not empty is at least one unit high.
 *
 * @param most the count that reaches the top of the box
 * @param bins the scores that the bins span, in equal steps
 * @param view the scores that the box spans
 */
export function histogramPath(
  counts: readonly number[],
  most: number,
  bins: ValueRange,
  view: ValueRange,
  width: number,
  height: number,
): string {
  const step = (bins.high - bins.low) / counts.length;
  const x = (edge: number) => round(normalize(bins.low + edge * step, view) * width);
  let path = `M${x(0)} ${height}`;
  for (let bin = 0; bin < counts.length; bin++) {
    const top = counts[bin] > 0 ? round(height - Math.max(1, logHeight(counts[bin], most) * height)) : height;
    path += `L${x(bin)} ${top}L${x(bin + 1)} ${top}`;
  }
  return `${path}L${x(counts.length)} ${height}Z`;
}

function round(length: number): number {
  return Math.round(length * 100) / 100;
}
