/** How many robust standard deviations above the median a score counts as an outlier. */
const OUTLIER_DEVIATIONS = 6;

/**
 * A threshold for scores of which nothing else is known: median + 6 x 1.4826 x median absolute deviation, the usual robust
 * outlier limit. Most of a texture is normal, so both medians speak of the normal part. Cost O(n log n).
 */
export function proposeThreshold(scores: Float32Array): number {
  const sorted = scores.slice().sort();
  const centre = median(sorted);
  const deviations = sorted.map((score) => Math.abs(score - centre)).sort();
  return centre + OUTLIER_DEVIATIONS * 1.4826 * median(deviations);
}

function median(sorted: Float32Array): number {
  return sorted[Math.floor((sorted.length - 1) / 2)];
}
