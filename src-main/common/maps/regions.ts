import { labelRegions } from './label-regions.ts';
import type { Point, Size } from '../geometry.ts';
import { insidePositions, type PlacedMap } from './placed-map.ts';

/** A connected region of a map at or above a threshold; area in square image pixels, coordinates in image pixels. */
export interface Region {
  area: number;
  /** The highest score of the region and its location. */
  peak: number;
  peakX: number;
  peakY: number;
  centroidX: number;
  centroidY: number;
  /** The bounding box. */
  box: Point & Size;
}

/**
 * The 8-connected regions at or above a threshold inside the image and its inspection region, at feature resolution, highest peak first. Cost O(H W).
 */
export function regionsAbove(placed: PlacedMap, threshold: number): Region[] {
  const { values, width: columns, height: rows } = placed.map;
  const above = insidePositions(placed);
  for (let position = 0; position < above.length; position++)
    if (!(values[position] >= threshold)) above[position] = 0;
  const { labels, count } = labelRegions(above, columns, rows);
  const sums = Array.from({ length: count }, () => ({
    positions: 0,
    x: 0,
    y: 0,
    peak: -Infinity,
    peakAt: 0,
    left: Infinity,
    right: -Infinity,
    top: Infinity,
    bottom: -Infinity,
  }));
  for (const [position, label] of labels.entries()) {
    if (label === 0) continue;
    const region = sums[label - 1];
    const score = values[position];
    region.positions++;
    const [x, y] = [position % columns, Math.floor(position / columns)];
    region.x += x;
    region.y += y;
    region.left = Math.min(region.left, x);
    region.right = Math.max(region.right, x);
    region.top = Math.min(region.top, y);
    region.bottom = Math.max(region.bottom, y);
    if (score > region.peak) [region.peak, region.peakAt] = [score, position];
  }
  const pixelsPerColumn = placed.extentWidth / columns;
  const pixelsPerRow = placed.extentHeight / rows;
  return sums
    .map(({ positions, x, y, peak, peakAt, left, right, top, bottom }) => ({
      area: positions * pixelsPerColumn * pixelsPerRow,
      peak,
      peakX: ((peakAt % columns) + 0.5) * pixelsPerColumn,
      peakY: (Math.floor(peakAt / columns) + 0.5) * pixelsPerRow,
      centroidX: (x / positions + 0.5) * pixelsPerColumn,
      centroidY: (y / positions + 0.5) * pixelsPerRow,
      box: {
        x: left * pixelsPerColumn,
        y: top * pixelsPerRow,
        width: (right - left + 1) * pixelsPerColumn,
        height: (bottom - top + 1) * pixelsPerRow,
      },
    }))
    .sort((a, b) => b.peak - a.peak);
}
