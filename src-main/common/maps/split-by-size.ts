import type { RecipeDefinition } from '../api/recipes.ts';
import { labelRegions } from './label-regions.ts';
import { insidePositions, type PlacedMap, scoredPositions } from './placed-map.ts';
import { minPositions, positionSize } from './size-limits.ts';

/** The limits that a recipe's region must satisfy. */
export type RegionSizeLimits = Pick<RecipeDefinition, 'sizeLimits' | 'edgeMargin' | 'mmPerPixel'>;

/**
 * Splits a map by the size of its 8-connected regions at or above a threshold: `large` has only those that satisfy the limits,
 * `small` only the others and the edge margin. Positions of removed regions get a score just below the threshold, so that the
 * contours of the other regions do not move. Cost O(H W).
 */
export function splitBySize(
  placed: PlacedMap,
  threshold: number,
  { sizeLimits, edgeMargin, mmPerPixel }: RegionSizeLimits,
): { large: PlacedMap; small: PlacedMap } {
  const { map } = placed;
  const isAbove = (is: number, position: number) => Number(is === 1 && map.values[position] >= threshold);
  const above = insidePositions(placed).map(isAbove);
  const scored = scoredPositions(placed, edgeMargin).map(isAbove);
  const { labels, count } = labelRegions(scored, map.width, map.height);
  const boxes = Array.from({ length: count }, () => ({
    positions: 0,
    left: Infinity,
    right: -Infinity,
    top: Infinity,
    bottom: -Infinity,
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
  const unit = positionSize(sizeLimits.unit, mmPerPixel, placed);
  const isLarge = boxes.map(({ positions, left, right, top, bottom }) => {
    const diagonal = Math.hypot((right - left + 1) * unit.width, (bottom - top + 1) * unit.height);
    return positions >= minPositions(sizeLimits.minArea, unit) && diagonal >= sizeLimits.minLength;
  });
  const below = Math.fround(threshold - Math.max(Math.abs(threshold), Number.MIN_VALUE) * 1e-6);
  const keep = (large: boolean): PlacedMap => ({
    ...placed,
    map: {
      ...map,
      values: map.values.map((value, position) =>
        above[position] === 1 && (labels[position] > 0 && isLarge[labels[position] - 1]) !== large
          ? below
          : value,
      ),
    },
  });
  return { large: keep(true), small: keep(false) };
}
