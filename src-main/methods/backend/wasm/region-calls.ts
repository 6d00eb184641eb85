import type { AnomalyMap } from '../../../common/maps/anomaly-map.ts';
import type { ImageScore, RegionSearch, RegionTotals } from '../../fallback/image-score.ts';
import { CoreInstance } from './core-module.ts';

/** Numbers that `image_score` writes. */
const SCORE_NUMBERS = 11;

let core: CoreInstance | undefined;

/** The image score of a map (`native/include/perch/regions.hpp`). */
export function imageScore(map: AnomalyMap, search: RegionSearch): ImageScore | null {
  const numbers = callOnMap(map, search, SCORE_NUMBERS, (instance, ...values) =>
    instance.exports.image_score(...values),
  );
  if (!numbers) return null;
  const [score, area, left, top, columns, rows, peak, peakColumn, peakRow, centroidColumn, centroidRow] =
    numbers;
  const region = { area, left, top, columns, rows, peak, peakColumn, peakRow, centroidColumn, centroidRow };
  return { score, region };
}

/** Number and total area of the regions at or above a threshold. */
export function measureRegions(map: AnomalyMap, threshold: number, search: RegionSearch): RegionTotals {
  const [count, area] = callOnMap(map, search, 2, (instance, scores, mask, height, width, ...rest) => {
    instance.exports.measure_regions(scores, mask, height, width, threshold, ...rest);
    return 1;
  })!;
  return { count, area };
}

/**
 * Calls a function on a map, in this thread.
 *
 * @param call returns 0 if there is no result
 * @returns the numbers that it wrote
 */
function callOnMap(
  { values, width, height }: AnomalyMap,
  { mask, minArea, minLength, pixelsPerColumn, pixelsPerRow }: RegionSearch,
  count: number,
  call: (instance: CoreInstance, ...values: number[]) => number,
): Float64Array | undefined {
  const instance = (core ??= new CoreInstance());
  try {
    const scores = instance.copyIn(values);
    const inside = mask ? instance.copyIn(mask) : 0;
    const numbers = instance.exports.allocate(count * Float64Array.BYTES_PER_ELEMENT);
    const limits = [minArea, minLength, pixelsPerColumn, pixelsPerRow];
    const found = call(instance, scores, inside, height, width, ...limits, numbers);
    const result = found === 0 ? undefined : instance.copyDoubles(numbers, count);
    for (const address of [scores, inside, numbers]) if (address !== 0) instance.exports.release(address);
    return result;
  } catch (error) {
    core = undefined;
    throw error;
  }
}
