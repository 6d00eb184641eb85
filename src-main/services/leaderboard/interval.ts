/** The range that contains 95 % of the resampled values; null if there are none. */
export function percentileInterval(values: readonly (number | null)[]): { low: number; high: number } | null {
  const sorted = values.filter((value) => value !== null).sort((a, b) => a - b);
  if (sorted.length === 0) return null;
  return { low: quantile(sorted, 0.025), high: quantile(sorted, 0.975) };
}

/** Interpolates linearly between the sorted values. */
function quantile(sorted: readonly number[], fraction: number): number {
  const at = fraction * (sorted.length - 1);
  const below = Math.floor(at);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
}

/**
 * The unweighted mean of the classes for every resample. Classes are resampled independently, so resample i of
 * every class is one resample of the dataset.
 */
export function meanResamples(classes: readonly (readonly (number | null)[])[]): (number | null)[] {
  const [first = []] = classes;
  return first.map((_, at) => mean(classes.map((values) => values[at] ?? null)));
}

/** Null if there is no value, or if one is undefined. */
export function mean(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  if (known.length === 0 || known.length < values.length) return null;
  return known.reduce((sum, value) => sum + value, 0) / known.length;
}
