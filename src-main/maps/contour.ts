import { contours } from 'd3-contour';
import type { CoveredImage } from './cover.ts';

/**
 * The outline of where the map reaches a threshold, by marching squares with linear interpolation at feature resolution.
 *
 * @returns an SVG path in image pixels (pixel areas: the image spans 0..width, 0..height), empty where nothing reaches it;
 *   fill rule even-odd
 */
export function contourPath(covered: CoveredImage, threshold: number): string {
  const { map, width, height, coverWidth, coverHeight } = covered;
  const { coordinates } = contours()
    .size([map.width, map.height])
    .contour(map.values as unknown as number[], threshold);
  const x = (position: number) => round(Math.min((position * coverWidth) / map.width, width));
  const y = (position: number) => round(Math.min((position * coverHeight) / map.height, height));
  let path = '';
  for (const polygon of coordinates) {
    for (const ring of polygon) {
      path += `M${ring.map(([px, py]) => `${x(px)} ${y(py)}`).join('L')}Z`;
    }
  }
  return path;
}

function round(pixels: number): number {
  return Math.round(pixels * 100) / 100;
}
