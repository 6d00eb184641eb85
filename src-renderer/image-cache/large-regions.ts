import { regionCells } from '../../src-main/common/maps/inspection-region.ts';
import { positionsInside } from '../../src-main/common/maps/placed-map.ts';
import { RegionStream, type PositionRegion } from '../../src-main/common/maps/region-stream.ts';
import { minPositions, positionSize } from '../../src-main/common/maps/size-limits.ts';
import type { RegionSizeLimits } from '../../src-main/common/maps/split-by-size.ts';
import type { Point } from '../viewer/viewport.ts';
import type { PlacedLevels } from './map-levels.ts';
import type { OutlineScope, OutlinedRegion } from './outline.ts';

/** Positions that are read at once. */
const BAND = 2 ** 20;

/** A region in positions of its map. */
export interface LargeRegion {
  small: boolean;
  peak: Point;
  /** Both ends are included. */
  box: { left: number; top: number; right: number; bottom: number };
  outlined: OutlinedRegion;
}

/**
 * The regions of a large map at or above a threshold, in bands of rows. Those of sufficient size first, then by descending peak,
 * as `regionsAbove` and `splitBySize` find them, except that what lies in a recipe's edge margin is a region of its own.
 *
 * @param proceed is awaited after each band; it may throw to cancel
 */
export async function largeRegions(
  placed: PlacedLevels,
  threshold: number,
  { region, limits }: OutlineScope,
  proceed: () => Promise<void>,
): Promise<LargeRegion[]> {
  const { size } = placed.map;
  const { rows, columns } = positionsInside({ ...placed, map: size });
  const margin = limits?.edgeMargin ?? 0;
  const counted = new RegionStream(columns);
  const others = new RegionStream(columns);
  const height = Math.max(1, Math.floor(BAND / columns));
  for (let top = 0; top < rows; top += height) {
    const part = { left: 0, top, width: columns, height: Math.min(height, rows - top) };
    const { values } = await placed.map.window(0, { x: 0, y: top, width: columns, height: part.height });
    const inside = region && regionCells(region, placed, size, part);
    for (let y = 0; y < part.height; y++) {
      const from = y * columns;
      const scores = values.subarray(from, from + columns);
      const above = new Uint8Array(columns);
      for (let x = 0; x < columns; x++)
        if (scores[x] >= threshold && (!inside || inside[from + x] === 1)) above[x] = 1;
      if (margin > 0) {
        const isEdgeRow = top + y < margin || top + y >= rows - margin;
        const edge = isEdgeRow ? above.slice() : new Uint8Array(columns);
        for (const [start, end] of isEdgeRow
          ? [[0, columns]]
          : [
              [0, margin],
              [columns - margin, columns],
            ]) {
          edge.set(above.subarray(Math.max(0, start), end), Math.max(0, start));
          above.fill(0, Math.max(0, start), end);
        }
        others.add(scores, edge);
      }
      counted.add(scores, above);
    }
    await proceed();
  }
  const isSmall = sizeRule(placed, limits);
  return [
    ...counted.finish().map((found) => regionOf(found, placed, isSmall(found))),
    ...others.finish().map((found) => regionOf(found, placed, true)),
  ].sort((a, b) => Number(a.small) - Number(b.small) || b.outlined.peak - a.outlined.peak);
}

function sizeRule(
  placed: PlacedLevels,
  limits: RegionSizeLimits | undefined,
): (found: PositionRegion) => boolean {
  if (!limits) return () => false;
  const { sizeLimits, mmPerPixel } = limits;
  const unit = positionSize(sizeLimits.unit, mmPerPixel, { ...placed, map: placed.map.size });
  const least = minPositions(sizeLimits.minArea, unit);
  return ({ positions, left, right, top, bottom }) =>
    positions < least ||
    !(Math.hypot((right - left + 1) * unit.width, (bottom - top + 1) * unit.height) >= sizeLimits.minLength);
}

function regionOf(found: PositionRegion, placed: PlacedLevels, small: boolean): LargeRegion {
  const { size } = placed.map;
  const [width, height] = [placed.extentWidth / size.width, placed.extentHeight / size.height];
  const { positions, sumX, sumY, peak, peakX, peakY, left, right, top, bottom } = found;
  const outlined = {
    small,
    area: positions * width * height,
    peak,
    peakX: (peakX + 0.5) * width,
    peakY: (peakY + 0.5) * height,
    centroidX: (sumX / positions + 0.5) * width,
    centroidY: (sumY / positions + 0.5) * height,
    box: {
      x: left * width,
      y: top * height,
      width: (right - left + 1) * width,
      height: (bottom - top + 1) * height,
    },
  };
  return { small, peak: { x: peakX, y: peakY }, box: { left, top, right, bottom }, outlined };
}
