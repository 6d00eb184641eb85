import type { AnomalyMap } from '../../../common/maps/anomaly-map.ts';
import type { ImageScore, RegionSearch, RegionTotals } from '../../fallback/image-score.ts';
import { type CoreInstance, coreOfThread } from './core-module.ts';

/** Numbers that `image_score` writes. */
const SCORE_NUMBERS = 11;

/** The image score of a map (`native/include/perch/regions.hpp`). */
export function imageScore(map: AnomalyMap, search: RegionSearch): ImageScore | null {
  let isFound = false;
  const numbers = callOnMap(map, search, SCORE_NUMBERS, (instance, ...values) => {
    isFound = instance.exports.image_score(...values) !== 0;
  });
  if (!isFound) return null;
  const [score, area, left, top, columns, rows, peak, peakColumn, peakRow, centroidColumn, centroidRow] =
    numbers;
  const region = { area, left, top, columns, rows, peak, peakColumn, peakRow, centroidColumn, centroidRow };
  return { score, region };
}

/** Number and total area of the regions at or above a threshold. */
export function measureRegions(map: AnomalyMap, threshold: number, search: RegionSearch): RegionTotals {
  const [count, area] = callOnMap(map, search, 2, (instance, scores, mask, height, width, ...rest) =>
    instance.exports.measure_regions(scores, mask, height, width, threshold, ...rest),
  );
  return { count, area };
}

/** Calls a function on a map, in this thread. Returns the `count` numbers that it wrote. */
function callOnMap(
  { values, width, height }: AnomalyMap,
  { mask, minArea, minLength, pixelsPerColumn, pixelsPerRow }: RegionSearch,
  count: number,
  call: (instance: CoreInstance, ...values: number[]) => void,
): Float64Array {
  const instance = coreOfThread();
  const scores = instance.copyIn(values);
  const inside = mask ? instance.copyIn(mask) : 0;
  const numbers = instance.allocate(count * Float64Array.BYTES_PER_ELEMENT);
  try {
    const limits = [minArea, minLength, pixelsPerColumn, pixelsPerRow];
    instance.call(() => call(instance, scores, inside, height, width, ...limits, numbers));
    return instance.copyDoubles(numbers, count);
  } finally {
    for (const address of [scores, inside, numbers]) if (address !== 0) instance.exports.release(address);
  }
}
