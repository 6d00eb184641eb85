import { EMPTY, type Rectangle } from './rectangle.ts';

/**
 * A set of pixels as horizontal runs: pairs of the first pixel of a run and the one behind its last, each `y * width + x`.
 * In reading order, disjoint, none crosses the end of a row. Every tool answers with runs, and the mask is changed by
 * nothing else.
 */
export type Runs = Int32Array<ArrayBuffer>;

/** Collects runs in reading order; runs that touch in a row become one. */
export class RunList {
  #runs: Runs = new Int32Array(256);
  #length = 0;
  readonly #width: number;

  /** @param width of the image, in pixels */
  constructor(width: number) {
    this.#width = width;
  }

  /** Adds a run at or behind the end of the last one; nothing where `end <= start`. */
  add(start: number, end: number): void {
    if (end <= start) return;
    if (this.#length > 0 && this.#runs[this.#length - 1] === start && start % this.#width !== 0) {
      this.#runs[this.#length - 1] = end;
      return;
    }
    if (this.#length === this.#runs.length) {
      const larger = new Int32Array(this.#runs.length * 2);
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

/** The runs of the pixels that are not 0, or of those that are. Cost O(width x height), far less where little changes. */
export function runsOf(pixels: Uint8Array, width: number, which: 'set' | 'clear' = 'set'): Runs {
  const list = new RunList(width);
  const [first, last] = which === 'set' ? [255, 0] : [0, 255];
  for (let row = 0; row < pixels.length; row += width) {
    const line = pixels.subarray(row, row + width);
    let start = line.indexOf(first);
    while (start !== -1) {
      const end = line.indexOf(last, start + 1);
      list.add(row + start, row + (end === -1 ? width : end));
      start = end === -1 ? -1 : line.indexOf(first, end + 1);
    }
  }
  return list.runs;
}

/** The number of pixels. */
export function pixelsIn(runs: Runs): number {
  let count = 0;
  for (let i = 0; i < runs.length; i += 2) count += runs[i + 1] - runs[i];
  return count;
}

/** The smallest rectangle that holds all of them. */
export function boundsOf(runs: Runs, width: number): Rectangle {
  if (runs.length === 0) return EMPTY;
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

/** Runs in as few bytes as they need: gap and length of each as numbers of 7 bits a byte, mostly 2 to 4 bytes a run. */
export function packRuns(runs: Runs): Uint8Array {
  const bytes: Uint8Array = new Uint8Array(runs.length * 5);
  let length = 0;
  let before = 0;
  for (const edge of runs) {
    let gap = edge - before;
    before = edge;
    for (; gap > 0x7f; gap >>>= 7) bytes[length++] = (gap & 0x7f) | 0x80;
    bytes[length++] = gap;
  }
  return bytes.slice(0, length);
}

/** What was packed, again. */
export function unpackRuns(bytes: Uint8Array): Runs {
  let edges = 0;
  for (const byte of bytes) if (byte < 0x80) edges++;
  const runs = new Int32Array(edges);
  let at = 0;
  let edge = 0;
  for (let i = 0; i < runs.length; i++) {
    let gap = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = bytes[at++];
      gap |= (byte & 0x7f) << shift;
      if (byte < 0x80) break;
    }
    edge += gap;
    runs[i] = edge;
  }
  return runs;
}
