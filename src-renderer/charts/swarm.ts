/**
 * Vertical offsets of marks around the middle of their row, so that adjacent marks do not cover each other.
 * Marks are stacked in columns as wide as a mark, alternately below and above each other; a stack that is
 * higher than the row is compressed.
 *
 * @param xs horizontal positions in pixels, in any order
 * @param side size of a mark in pixels
 * @param height of the row in pixels
 */
export function swarm(xs: readonly number[], side: number, height: number): number[] {
  const columns = Map.groupBy(xs.keys(), (at) => Math.floor(xs[at] / side));
  const offsets = new Array<number>(xs.length).fill(0);
  for (const column of columns.values()) {
    const step = Math.min(side, Math.max(height - side, 0) / Math.max(column.length - 1, 1));
    // An even number of marks has none in the middle.
    const middle = column.length % 2 === 0 ? 0.5 : 0;
    for (const [place, at] of column.entries()) {
      const steps = Math.ceil(place / 2);
      offsets[at] = ((place % 2 === 1 ? steps : -steps) - middle) * step;
    }
  }
  return offsets;
}
