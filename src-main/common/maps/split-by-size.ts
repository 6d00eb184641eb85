import type { SizeLimits } from '../api/recipes.ts';
import { labelRegions } from './label-regions.ts';
import { insidePositions, type PlacedMap } from './placed-map.ts';

/** A recipe's size limits, with its scale. */
export interface RegionSizeLimits extends SizeLimits {
  mmPerPixel: number | null;
}

/**
 * Splits a map by the size of its 8-connected regions at or above a threshold: `large` has only those that satisfy the limits,
 * `small` only the others. Positions of removed regions get a score just below the threshold, so that the
 * contours of the other regions do not move. Cost O(H W).
 */
export function splitBySize(
  placed: PlacedMap,
  threshold: number,
  limits: RegionSizeLimits,
): { large: PlacedMap; small: PlacedMap } {
  const { map } = placed;
  const inside = insidePositions(placed);
  const above = inside.map((is, position) => Number(is === 1 && map.values[position] >= threshold));
  const { labels, count } = labelRegions(above, map.width, map.height);
  const boxes = Array.from({ length: count }, () => ({
    positions: 0,
    ...{ left: Infinity, right: -Infinity, top: Infinity, bottom: -Infinity },
  }));
  for (const [position, label] of labels.entries()) {
    if (label === 0) continue;
    const box = boxes[label - 1];
    const [x, y] = [position % map.width, Math.floor(position / map.width)];
    box.positions++;
    box.left = Math.min(box.left, x);
    box.right = Math.max(box.right, x);
    box.top = Math.min(box.top, y);
    box.bottom = Math.max(box.bottom, y);
  }
  const [unitsPerColumn, unitsPerRow] = positionSize(placed, limits);
  const isLarge = boxes.map(({ positions, left, right, top, bottom }) => {
    const diagonal = Math.hypot((right - left + 1) * unitsPerColumn, (bottom - top + 1) * unitsPerRow);
    return positions * unitsPerColumn * unitsPerRow >= limits.minArea && diagonal >= limits.minLength;
  });
  const below = Math.fround(threshold - Math.max(Math.abs(threshold), Number.MIN_VALUE) * 1e-6);
  const keep = (large: boolean): PlacedMap => ({
    ...placed,
    map: {
      ...map,
      values: map.values.map((value, position) =>
        labels[position] > 0 && isLarge[labels[position] - 1] !== large ? below : value,
      ),
    },
  });
  return { large: keep(true), small: keep(false) };
}

/** Width and height of a position in the unit of the limits. */
function positionSize(
  { map, extentWidth, extentHeight }: PlacedMap,
  { unit, mmPerPixel }: RegionSizeLimits,
): [number, number] {
  if (unit === 'positions') return [1, 1];
  const scale = unit === 'mm' ? (mmPerPixel ?? 1) : 1;
  return [(scale * extentWidth) / map.width, (scale * extentHeight) / map.height];
}
