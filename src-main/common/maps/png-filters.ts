/**
 * Restores the bytes of a line of a PNG with one byte per pixel, in place (PNG specification, 9.2).
 *
 * @param type the filter of the line
 * @param above the restored line before; zeros for the first line
 * @throws RangeError if there is no such filter
 */
export function removeFilter(type: number, line: Uint8Array, above: Uint8Array): void {
  if (type === 0) return;
  const restore = FILTERS[type - 1];
  if (!restore) throw new RangeError('a line has an unknown filter');
  restore(line, above);
}

/** Filters 1 to 4: left, above, mean of both, Paeth. Bytes wrap around. */
const FILTERS: readonly ((line: Uint8Array, above: Uint8Array) => void)[] = [
  (line) => {
    for (let x = 1; x < line.length; x++) line[x] += line[x - 1];
  },
  (line, above) => {
    for (let x = 0; x < line.length; x++) line[x] += above[x];
  },
  (line, above) => {
    for (let x = 0, left = 0; x < line.length; x++) {
      line[x] += (left + above[x]) >> 1;
      left = line[x];
    }
  },
  (line, above) => {
    for (let x = 0, left = 0, upperLeft = 0; x < line.length; x++) {
      line[x] += paeth(left, above[x], upperLeft);
      left = line[x];
      upperLeft = above[x];
    }
  },
];

/** Of the three neighbors, the one nearest to the estimate. */
function paeth(left: number, above: number, upperLeft: number): number {
  const toLeft = Math.abs(above - upperLeft);
  const toAbove = Math.abs(left - upperLeft);
  const toUpper = Math.abs(left + above - 2 * upperLeft);
  if (toLeft <= toAbove && toLeft <= toUpper) return left;
  return toAbove <= toUpper ? above : upperLeft;
}
