import type { ValueRange } from '../maps/value-range.ts';

/** A labeled value of an axis. */
export interface Tick {
  value: number;
  label: string;
}

/** Round values (multiples of 1, 2 or 5 times a power of ten) in a range, as dense as possible in at most `maxSteps` steps. */
export function ticks({ low, high }: ValueRange, maxSteps: number): Tick[] {
  const minStep = (high - low) / maxSteps;
  if (!(minStep > 0) || !Number.isFinite(minStep)) return [];
  const power = Math.floor(Math.log10(minStep));
  const factor = [1, 2, 5, 10].find((candidate) => candidate * 10 ** power >= minStep * (1 - 1e-9)) ?? 10;
  const step = factor * 10 ** power;
  const digits = Math.min(Math.max(0, factor === 10 ? -power - 1 : -power), 100);
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  return Array.from({ length: last - first + 1 }, (_, i) => {
    const value = (first + i) * step;
    return { value, label: value.toFixed(digits) };
  });
}
