import { fractionOn } from './scale.ts';
import type { Scale } from '../../src-main/maps/colours.ts';

/** How often scores fall into equal bins from `low` to `high`. */
export interface Histogram extends Scale {
  counts: Float64Array<ArrayBuffer>;
}

/** A narrower range counts as a single score: places among its bins would overflow. */
const NARROWEST_RANGE = 1e-300;

/** Counts scores. What lies outside falls into the first or last bin. Cost O(scores). */
export function histogramOf(scores: Float32Array, { low, high }: Scale, bins: number): Histogram {
  const counts = new Float64Array(bins);
  const perScore = binsPerScore({ low, high }, bins);
  for (const score of scores) {
    counts[Math.min(Math.max(Math.floor((score - low) * perScore), 0), bins - 1)]++;
  }
  return { low, high, counts };
}

/**
 * One histogram over several, each of its own range: every bin's count is spread evenly over the bins it overlaps.
 * Cost O(histograms x bins).
 */
export function mergeHistograms(histograms: readonly Histogram[], scale: Scale, bins: number): Histogram {
  const merged: Histogram = { ...scale, counts: new Float64Array(bins) };
  for (const histogram of histograms) spread(histogram, merged);
  return merged;
}

function spread(from: Histogram, to: Histogram): void {
  const { counts } = to;
  const perScore = binsPerScore(to, counts.length);
  const width = (from.high - from.low) / from.counts.length;
  const last = counts.length - 1;
  for (let bin = 0; bin < from.counts.length; bin++) {
    if (from.counts[bin] === 0) continue;
    const start = (from.low + bin * width - to.low) * perScore;
    const end = start + width * perScore;
    if (!(end > start)) {
      counts[clamp(Math.floor(start), last)] += from.counts[bin];
      continue;
    }
    for (let target = clamp(Math.floor(start), last); target <= clamp(Math.ceil(end) - 1, last); target++) {
      const overlap =
        Math.min(end, target === last ? Infinity : target + 1) -
        Math.max(start, target === 0 ? -Infinity : target);
      counts[target] += (from.counts[bin] * Math.max(0, overlap)) / (end - start);
    }
  }
}

/** The count of the fullest bin of several histograms. */
export function tallestBin(...histograms: readonly (readonly number[])[]): number {
  return histograms.flat().reduce((most, count) => Math.max(most, count), 0);
}

/**
 * The outline of a histogram as an SVG path in a box of `width` x `height`: heights are logarithmic, since a defect is a
 * few scores beside very many; a bin that holds anything is at least one unit high.
 *
 * @param tallest the count that is as high as the box
 * @param range scores that the bins span, in equal steps
 * @param scale scores that the box spans
 */
export function barsPath(
  counts: readonly number[],
  tallest: number,
  range: Scale,
  scale: Scale,
  width: number,
  height: number,
): string {
  const step = (range.high - range.low) / counts.length;
  const x = (edge: number) => round(fractionOn(range.low + edge * step, scale) * width);
  let path = `M${x(0)} ${height}`;
  for (let bin = 0; bin < counts.length; bin++) {
    const share = tallest > 0 ? Math.log1p(counts[bin]) / Math.log1p(tallest) : 0;
    const top = counts[bin] > 0 ? round(height - Math.max(1, share * height)) : height;
    path += `L${x(bin)} ${top}L${x(bin + 1)} ${top}`;
  }
  return `${path}L${x(counts.length)} ${height}Z`;
}

/** 0 where the range is a single score: all places are then in the first bin. */
function binsPerScore({ low, high }: Scale, bins: number): number {
  return high - low > NARROWEST_RANGE ? bins / (high - low) : 0;
}

function clamp(index: number, last: number): number {
  return Math.min(Math.max(index, 0), last);
}

function round(length: number): number {
  return Math.round(length * 100) / 100;
}
