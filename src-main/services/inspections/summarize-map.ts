import { PerchError } from '../../common/api/errors.ts';
import type { Inspection } from '../../common/api/schemas.ts';
import type { StageSeconds } from '../../engine/protocol/data-types.ts';
import { scoresInside, type PlacedMap } from '../../common/maps/placed-map.ts';
import { suggestThreshold } from '../../common/maps/suggest-threshold.ts';

/**
 * An inspection's summary, without the map.
 *
 * @throws PerchError `INVALID_MAP` if no position of the map is inside the inspection region
 */
export function summarizeMap(
  placed: PlacedMap,
  seconds: StageSeconds,
  device: string,
): Omit<Inspection, 'map'> {
  const scores = scoresInside(placed);
  if (scores.length === 0) {
    const { width, height } = placed.map;
    throw new PerchError(
      'INVALID_MAP',
      `The inspection region contains no position of an anomaly map of ${width} x ${height} positions. Make the region larger.`,
    );
  }
  let [min, max] = [Infinity, -Infinity];
  for (const score of scores) {
    if (score < min) min = score;
    if (score > max) max = score;
  }
  return {
    width: placed.width,
    height: placed.height,
    mapWidth: placed.map.width,
    mapHeight: placed.map.height,
    extentWidth: placed.extentWidth,
    extentHeight: placed.extentHeight,
    min,
    max,
    threshold: suggestThreshold(scores),
    seconds,
    device,
  };
}
