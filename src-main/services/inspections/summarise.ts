import type { Inspection } from '../../common/api/schemas.ts';
import type { StageSeconds } from '../../engine/protocol/messages.ts';
import { scoresInside, type CoveredImage } from '../../common/maps/placed-map.ts';
import { proposeThreshold } from '../../common/maps/suggest-threshold.ts';

/** What is told of a finished inspection beside its map. */
export function summarise(
  covered: CoveredImage,
  seconds: StageSeconds,
  device: string,
): Omit<Inspection, 'map'> {
  const scores = scoresInside(covered);
  let [min, max] = [Infinity, -Infinity];
  for (const score of scores) {
    if (score < min) min = score;
    if (score > max) max = score;
  }
  return {
    width: covered.width,
    height: covered.height,
    mapWidth: covered.map.width,
    mapHeight: covered.map.height,
    extentWidth: covered.extentWidth,
    extentHeight: covered.extentHeight,
    min,
    max,
    threshold: proposeThreshold(scores),
    seconds,
    device,
  };
}
