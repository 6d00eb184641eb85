import type { ValueRange } from '../maps/value-range.ts';

/** A value that an axis names, as it is written. */
export interface Tick {
  value: number;
  label: string;
}

/** The round values (1, 2 or 5 times a power of ten apart) on a scale, so close that there are `most` steps at most. */
export function ticks({ low, high }: ValueRange, most: number): Tick[] {
  const least = (high - low) / most;
  if (!(least > 0) || !Number.isFinite(least)) return [];
  const power = Math.floor(Math.log10(least));
  const factor = [1, 2, 5, 10].find((candidate) => candidate * 10 ** power >= least * (1 - 1e-9)) ?? 10;
  const step = factor * 10 ** power;
  const digits = Math.min(Math.max(0, factor === 10 ? -power - 1 : -power), 100);
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  return Array.from({ length: last - first + 1 }, (_, i) => {
    const value = (first + i) * step;
    return { value, label: value.toFixed(digits) };
  });
}
