import type { Size } from '../viewer/viewport.ts';
import { RunList, type Runs } from '../../src-main/common/maps/mask-runs.ts';

/** 8 connects pixels that share a corner, 4 only those that share a side. */
export type Connectivity = 4 | 8;

/**
 * The connected pixels of equal value around a point (scanline flood fill).
 *
 * @param values one byte per pixel
 * @param x, y the point in pixels, inside the image
 */
export function floodFill(
  values: Uint8Array,
  size: Size,
  x: number,
  y: number,
  connectivity: Connectivity,
): Runs {
  const { width, height } = size;
  const value = values[y * width + x];
  const overlap = connectivity === 8 ? 1 : 0;
  const found = new Uint8Array(width * height);
  const open = [y * width + x];
  let top = y;
  let bottom = y;

  /** Pushes the first pixel of each new run of the value between two columns of a row. */
  const scan = (row: number, low: number, high: number) => {
    const end = row * width + Math.min(width - 1, high);
    let inside = false;
    for (let at = row * width + Math.max(0, low); at <= end; at++) {
      const matches = values[at] === value && found[at] === 0;
      if (matches && !inside) open.push(at);
      inside = matches;
    }
  };

  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    if (found[at] !== 0) continue;
    const row = Math.floor(at / width);
    const start = row * width;
    let first = at;
    let last = at;
    while (first > start && values[first - 1] === value) first--;
    while (last < start + width - 1 && values[last + 1] === value) last++;
    found.fill(255, first, last + 1);
    top = Math.min(top, row);
    bottom = Math.max(bottom, row);
    if (row > 0) scan(row - 1, first - start - overlap, last - start + overlap);
    if (row < height - 1) scan(row + 1, first - start - overlap, last - start + overlap);
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
