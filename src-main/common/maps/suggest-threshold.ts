/** Number of robust standard deviations above the median at which a score counts as an outlier. */
const OUTLIER_DEVIATIONS = 6;

/** Standard deviation of a normal distribution with a median absolute deviation (MAD) of 1. */
const SIGMA_PER_MAD = 1.4826;

/**
 * Suggests a threshold from the scores of a single image: median + 6 robust standard deviations (1.4826 MAD), the usual robust
 * outlier limit. Most of a texture is normal, so both medians describe its normal part. Cost O(n log n).
 *
 * @param scores at least one
 */
export function suggestThreshold(scores: Float32Array): number {
  const sorted = scores.slice().sort();
  const center = lowerMedian(sorted);
  const deviations = sorted.map((score) => Math.abs(score - center)).sort();
  return center + OUTLIER_DEVIATIONS * SIGMA_PER_MAD * lowerMedian(deviations);
}

function lowerMedian(sorted: Float32Array): number {
  return sorted[Math.floor((sorted.length - 1) / 2)];
}
