import type { PlacedMap } from '../../src-main/common/maps/placed-map.ts';
import { flood } from './flood.ts';
import type { Runs } from './runs.ts';

/**
 * The region of an anomaly map around a place: the pixels connected with it, corners included, whose scores reach the
 * threshold. Undefined where the place itself does not.
 *
 * @param scores the map at the size of its image (`resizeToImage`)
 * @param x, y the place, in pixels, inside the image
 */
export function mapRegion(
  scores: PlacedMap['map'],
  threshold: number,
  x: number,
  y: number,
): Runs | undefined {
  const { values, width } = scores;
  if (values[y * width + x] < threshold) return undefined;
  const reached = new Uint8Array(values.length);
  for (let at = 0; at < values.length; at++) reached[at] = values[at] >= threshold ? 255 : 0;
  return flood(reached, scores, x, y, 8);
}
