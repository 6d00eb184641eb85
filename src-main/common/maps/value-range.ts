import type { Scale } from './colormaps.ts';

/** Where a score lies on a scale, 0 to 1. */
export function fractionOn(score: number, { low, high }: Scale): number {
  return high > low ? Math.min(Math.max((score - low) / (high - low), 0), 1) : 0;
}

/** The threshold after some steps, each a hundredth of the scale; stays on the scale. */
export function stepped(threshold: number, steps: number, { low, high }: Scale): number {
  return Math.min(Math.max(threshold + (steps * (high - low)) / 100, low), high);
}
