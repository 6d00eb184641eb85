import { contours } from 'd3-contour';
import { regionCells } from './inspection-region.ts';
import type { PlacedMap } from './placed-map.ts';

/**
 * The outline of the area at or above a threshold, drawn by `src-renderer/viewer/painting.ts` and `engine/rendering`; by marching squares with linear interpolation at feature resolution.
 *
 * @returns an SVG path in image pixels with fill rule even-odd; the image spans 0..width and 0..height. Empty if no score
 *   reaches the threshold
 */
export function contourPath(placed: PlacedMap, threshold: number): string {
  return contourRings(placed, threshold)
    .map((ring) => `M${ring.map(([x, y]) => `${x} ${y}`).join('L')}Z`)
    .join('');
}

/**
 * The outline as closed rings of points in image pixels; the last point of a ring equals its first. Positions
 * outside the inspection region count as below every threshold, so the outline passes through the outermost
 * positions inside.
 */
export function contourRings(placed: PlacedMap, threshold: number): [x: number, y: number][][] {
  const { map, width, height, extentWidth, extentHeight } = placed;
  const { coordinates } = contours()
    .size([map.width, map.height])
    .contour(valuesInside(placed) as unknown as number[], threshold);
  const x = (position: number) => round(Math.min((position * extentWidth) / map.width, width));
  const y = (position: number) => round(Math.min((position * extentHeight) / map.height, height));
  return coordinates.flatMap((polygon) =>
    polygon.map((ring) => ring.map(([px, py]): [number, number] => [x(px), y(py)])),
  );
}

function valuesInside(placed: PlacedMap): Float32Array {
  const { map, region } = placed;
  const { values } = map;
  if (!region) return values;
  // The padding is kept, so that the outline ends at the image's edge and not before it.
  const inside = regionCells(region, placed, map);
  return values.map((value, position) => (inside[position] === 1 ? value : -Infinity));
}

function round(pixels: number): number {
  return Math.round(pixels * 100) / 100;
}
