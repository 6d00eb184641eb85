import { orderStatistic } from './order-statistic.ts';

/** Number of robust standard deviations above the median at which a score counts as an outlier. */
const OUTLIER_DEVIATIONS = 6;

/** Standard deviation of a normal distribution with a median absolute deviation (MAD) of 1. */
const SIGMA_PER_MAD = 1.4826;

/**
 * Suggests a threshold from the scores of a single image: median + 6 robust standard deviations (1.4826 MAD), the usual robust
 * outlier limit. Most of a texture is normal, so both medians describe its normal part. Cost O(n), without copies of the scores.
 *
 * @param scores at least one
 */
export function suggestThreshold(scores: Float32Array): number {
  const middle = Math.floor((scores.length - 1) / 2);
  const center = orderStatistic(scores.length, (i) => scores[i], middle);
  const deviation = orderStatistic(scores.length, (i) => Math.abs(scores[i] - center), middle);
  return center + OUTLIER_DEVIATIONS * SIGMA_PER_MAD * deviation;
}
