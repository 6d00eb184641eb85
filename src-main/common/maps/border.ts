/** Mirrors an index outside 0..length-1 back inside, without repeating the border value, as often as necessary. */
export function reflectIndex(index: number, length: number): number {
  if (length === 1) return 0;
  const period = 2 * (length - 1);
  const inside = ((index % period) + period) % period;
  return inside < length ? inside : period - inside;
}

/** Moves an index outside 0..length-1 to the nearer end. */
export function clampIndex(index: number, length: number): number {
  return Math.min(Math.max(index, 0), length - 1);
}
