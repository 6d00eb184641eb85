import type { PlacedMap } from '../../src-main/common/maps/placed-map.ts';
import { floodFill } from './flood.ts';
import type { Runs } from '../../src-main/common/maps/mask-runs.ts';

/**
 * The 8-connected component of pixels with scores >= threshold that contains a point. Undefined if the score at the point is
 * below the threshold.
 *
 * @param scores the map at image size (`resizeToImage`)
 * @param x, y the point in pixels, inside the image
 */
export function componentAt(
  scores: PlacedMap['map'],
  threshold: number,
  x: number,
  y: number,
): Runs | undefined {
  const { values, width } = scores;
  if (values[y * width + x] < threshold) return undefined;
  const above = new Uint8Array(values.length);
  for (let at = 0; at < values.length; at++) above[at] = values[at] >= threshold ? 255 : 0;
  return floodFill(above, scores, x, y, 8);
}
