/** A range of scores or of an axis; `high` is above `low`. */
export interface ValueRange {
  low: number;
  high: number;
}

/** A score's position in a range, clamped to 0..1; 0 if the range is empty. */
export function normalize(score: number, { low, high }: ValueRange): number {
  return high > low ? Math.min(Math.max((score - low) / (high - low), 0), 1) : 0;
}

/** Moves a threshold by hundredths of a range and clamps it to the range. */
export function nudge(threshold: number, steps: number, { low, high }: ValueRange): number {
  return Math.min(Math.max(threshold + (steps * (high - low)) / 100, low), high);
}
