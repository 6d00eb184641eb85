/**
 * Mirrors an index outside 0..length-1 back inside, repeatedly if necessary, without repeating the border
 * value.
 */
export function reflectIndex(index: number, length: number): number {
  if (length === 1) return 0;
  const period = 2 * (length - 1);
  const inside = ((index % period) + period) % period;
  return inside < length ? inside : period - inside;
}

/** Clamps an index to 0..length-1. */
export function clampIndex(index: number, length: number): number {
  return Math.min(Math.max(index, 0), length - 1);
}
