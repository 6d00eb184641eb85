import type { Inspection } from '../../common/api/schemas.ts';
import type { StageSeconds } from '../../engine/protocol/messages.ts';
import { scoresInside, type PlacedMap } from '../../common/maps/placed-map.ts';
import { suggestThreshold } from '../../common/maps/suggest-threshold.ts';

/** An inspection's summary, without the map. */
export function summarizeMap(
  placed: PlacedMap,
  seconds: StageSeconds,
  device: string,
): Omit<Inspection, 'map'> {
  const scores = scoresInside(placed);
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
