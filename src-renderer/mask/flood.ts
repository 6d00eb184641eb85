import type { Size } from './mask.ts';
import { RunList, type Runs } from './runs.ts';

/** Whether pixels that meet at a corner are connected (8) or only those that share a side (4). */
export type Connectivity = 4 | 8;

/**
 * The connected pixels of one kind around a place, by scanlines.
 *
 * @param kinds a byte a pixel; those are of the region that equal the byte at the place
 * @param x, y the place, in pixels, inside the image
 */
export function flood(kinds: Uint8Array, size: Size, x: number, y: number, connectivity: Connectivity): Runs {
  const { width, height } = size;
  const kind = kinds[y * width + x];
  const reach = connectivity === 8 ? 1 : 0;
  const found = new Uint8Array(width * height);
  const open = [y * width + x];
  let top = y;
  let bottom = y;

  /** Opens each stretch of a row, between two pixels, that belongs and was not found yet. */
  const look = (row: number, low: number, high: number) => {
    const end = row * width + Math.min(width - 1, high);
    let inside = false;
    for (let at = row * width + Math.max(0, low); at <= end; at++) {
      const belongs = kinds[at] === kind && found[at] === 0;
      if (belongs && !inside) open.push(at);
      inside = belongs;
    }
  };

  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    if (found[at] !== 0) continue;
    const row = Math.floor(at / width);
    const start = row * width;
    let first = at;
    let last = at;
    while (first > start && kinds[first - 1] === kind) first--;
    while (last < start + width - 1 && kinds[last + 1] === kind) last++;
    found.fill(255, first, last + 1);
    top = Math.min(top, row);
    bottom = Math.max(bottom, row);
    if (row > 0) look(row - 1, first - start - reach, last - start + reach);
    if (row < height - 1) look(row + 1, first - start - reach, last - start + reach);
  }
  return runsOfRows(found, width, top, bottom);
}

function runsOfRows(found: Uint8Array, width: number, top: number, bottom: number): Runs {
  const list = new RunList(width);
  for (let row = top; row <= bottom; row++) {
    const line = found.subarray(row * width, (row + 1) * width);
    for (let start = line.indexOf(255); start !== -1;) {
      const end = line.indexOf(0, start);
      list.add(row * width + start, row * width + (end === -1 ? width : end));
      start = end === -1 ? -1 : line.indexOf(255, end);
    }
  }
  return list.runs;
}
