import type { SizeLimits } from '../api/recipes.ts';
import { pixelSize, type ScaleChoice } from '../scale.ts';
import type { PlacedMap } from './placed-map.ts';

/** Areas of map positions are compared as 32-bit integers. */
const LARGEST_AREA = 2 ** 31 - 1;

/** Width and height of a map position in the unit of size limits. @param mmPerPixel null if unknown */
export function positionSize(
  unit: SizeLimits['unit'],
  mmPerPixel: ScaleChoice | null,
  {
    map,
    extentWidth,
    extentHeight,
    direction,
  }: Omit<PlacedMap, 'map'> & { map: { width: number; height: number } },
): { width: number; height: number } {
  if (unit === 'positions') return { width: 1, height: 1 };
  const pixel = unit === 'mm' ? pixelSize(mmPerPixel ?? NaN, direction) : { x: 1, y: 1 };
  return { width: (extentWidth / map.width) * pixel.x, height: (extentHeight / map.height) * pixel.y };
}

/** The smallest number of positions whose area is at least `minArea`; at least 1. */
export function minPositions(minArea: number, { width, height }: { width: number; height: number }): number {
  // The quotient of an exact multiple may be too large because of rounding.
  const positions = Math.ceil((minArea / (width * height)) * (1 - 1e-12));
  return Math.min(Math.max(positions, 1), LARGEST_AREA);
}
