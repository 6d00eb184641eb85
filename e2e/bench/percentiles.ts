/** Formats durations: "median 12.3 ms   95 % 20.1 ms   longest 31.0 ms". */
export function formatPercentiles(milliseconds: readonly number[]): string {
  const sorted = milliseconds.toSorted((a, b) => a - b);
  const at = (quantile: number) => `${sorted[Math.floor(quantile * (sorted.length - 1))].toFixed(1)} ms`;
  return `median ${at(0.5)}   95 % ${at(0.95)}   longest ${at(1)}`;
}
