import type { Point, Size } from '../geometry.ts';

/**
 * A run-length-encoded set of pixels: pairs of the first pixel of a run and the pixel after its last, each `y * width + x`.
 * Runs are sorted, disjoint, and do not cross rows. All tools return runs, and masks are changed only by runs. Doubles hold the
 * pixels of images of any size.
 */
export type Runs = Float64Array<ArrayBuffer>;

/** Collects sorted runs, and merges adjacent runs of a row. */
export class RunList {
  #runs: Runs = new Float64Array(256);
  #length = 0;
  readonly #width: number;

  /** @param width of the image in pixels */
  constructor(width: number) {
    this.#width = width;
  }

  /** Adds a run at or after the end of the last one. Ignores empty runs. */
  add(start: number, end: number): void {
    if (end <= start) return;
    if (this.#length > 0 && this.#runs[this.#length - 1] === start && start % this.#width !== 0) {
      this.#runs[this.#length - 1] = end;
      return;
    }
    if (this.#length === this.#runs.length) {
      const larger = new Float64Array(this.#runs.length * 2);
      larger.set(this.#runs);
      this.#runs = larger;
    }
    this.#runs[this.#length++] = start;
    this.#runs[this.#length++] = end;
  }

  get runs(): Runs {
    return this.#runs.slice(0, this.#length);
  }
}

/** The runs of the set (255) pixels. Cost O(width x height), much less for few runs. */
export function runsOf(pixels: Uint8Array, width: number): Runs {
  const list = new RunList(width);
  for (let row = 0; row < pixels.length; row += width) {
    const line = pixels.subarray(row, row + width);
    let start = line.indexOf(255);
    while (start !== -1) {
      const end = line.indexOf(0, start + 1);
      list.add(row + start, row + (end === -1 ? width : end));
      start = end === -1 ? -1 : line.indexOf(255, end + 1);
    }
  }
  return list.runs;
}

/** The pixels that are in either. Cost O(runs). */
export function unionOf(a: Runs, b: Runs, width: number): Runs {
  const list = new RunList(width);
  let [i, j, start, end] = [0, 0, 0, 0];
  while (i < a.length || j < b.length) {
    const isFirst = j >= b.length || (i < a.length && a[i] <= b[j]);
    const [from, to] = isFirst ? [a[i], a[i + 1]] : [b[j], b[j + 1]];
    if (isFirst) i += 2;
    else j += 2;
    if (from < end) {
      end = Math.max(end, to);
      continue;
    }
    list.add(start, end);
    [start, end] = [from, to];
  }
  list.add(start, end);
  return list.runs;
}

/** The pixels that are not in the runs. Cost O(height + runs). */
export function complementOf(runs: Runs, { width, height }: Size): Runs {
  const list = new RunList(width);
  let at = 0;
  for (let row = 0; row < height; row++) {
    const end = (row + 1) * width;
    let from = row * width;
    for (; at < runs.length && runs[at] < end; at += 2) {
      list.add(from, runs[at]);
      from = runs[at + 1];
    }
    list.add(from, end);
  }
  return list.runs;
}

/** Whether a pixel is in the runs. Cost O(log runs). */
export function hasPixel(runs: Runs, pixel: number): boolean {
  const next = firstRunAfter(runs, pixel);
  return next > 0 && pixel < runs[2 * next - 1];
}

/** The number of runs that start at or before a pixel. Cost O(log runs). */
export function firstRunAfter(runs: Runs, pixel: number): number {
  let [low, high] = [0, runs.length / 2];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (runs[2 * middle] <= pixel) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * The runs of a part of an image as runs of the image.
 *
 * @param part its position and its width
 */
export function placeRuns(runs: Runs, part: Point & { width: number }, width: number): Runs {
  return runs.map((edge, at) => {
    // An end may be the start of the next row.
    const row = Math.floor((edge - (at % 2)) / part.width);
    return (part.y + row) * width + part.x + (edge - row * part.width);
  });
}

export function countPixels(runs: Runs): number {
  let count = 0;
  for (let i = 0; i < runs.length; i += 2) count += runs[i + 1] - runs[i];
  return count;
}

/** The bounding rectangle. */
export function boundsOf(runs: Runs, width: number): Point & Size {
  if (runs.length === 0) return { x: 0, y: 0, width: 0, height: 0 };
  let left = width;
  let right = 0;
  for (let i = 0; i < runs.length; i += 2) {
    const x = runs[i] % width;
    left = Math.min(left, x);
    right = Math.max(right, x + runs[i + 1] - runs[i]);
  }
  const top = Math.floor(runs[0] / width);
  const bottom = Math.floor(runs[runs.length - 2] / width) + 1;
  return { x: left, y: top, width: right - left, height: bottom - top };
}

/** Packs gaps and lengths as variable-length integers (7 bits per byte): mostly 2 to 4 bytes per run. */
export function packRuns(runs: Runs): Uint8Array {
  const bytes: Uint8Array = new Uint8Array(runs.length * 8);
  let length = 0;
  let before = 0;
  for (const edge of runs) {
    let gap = edge - before;
    before = edge;
    for (; gap > 0x7f; gap = Math.floor(gap / 128)) bytes[length++] = (gap % 128) | 0x80;
    bytes[length++] = gap;
  }
  return bytes.slice(0, length);
}

/** The inverse of `packRuns`. */
export function unpackRuns(bytes: Uint8Array): Runs {
  let edges = 0;
  for (const byte of bytes) if (byte < 0x80) edges++;
  const runs = new Float64Array(edges);
  let at = 0;
  let edge = 0;
  for (let i = 0; i < runs.length; i++) {
    let gap = 0;
    for (let unit = 1; ; unit *= 128) {
      const byte = bytes[at++];
      gap += (byte & 0x7f) * unit;
      if (byte < 0x80) break;
    }
    edge += gap;
    runs[i] = edge;
  }
  return runs;
}
