import type { Rate } from '../../../src-main/common/api/recipes.ts';

/** Formats a rate in percent with its 95 % interval: "5 % [0.1, 25]". */
export function rateText({ count, of, low, high }: Rate): string {
  if (of === 0) return '–';
  return `${percent(count / of)} % [${percent(low)}, ${percent(high)}]`;
}

/** At most three significant digits, and at most one decimal place. */
function percent(fraction: number): string {
  const value = 100 * fraction;
  return value >= 10 ? value.toFixed(0) : String(Number(value.toFixed(1)));
}
