import { EMPTY, type Rectangle } from './rectangle.ts';

/**
 * A run-length-encoded set of pixels: pairs of the first pixel of a run and the pixel after its last, each `y * width + x`.
 * Runs are sorted, disjoint, and do not cross rows. All tools return runs, and masks are changed only by runs.
 */
export type Runs = Int32Array<ArrayBuffer>;

/** Collects sorted runs, and merges adjacent runs of a row. */
export class RunList {
  #runs: Runs = new Int32Array(256);
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

/** The runs of the set (255) or of the clear (0) pixels. Cost O(width x height), much less for few runs. */
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

export function countPixels(runs: Runs): number {
  let count = 0;
  for (let i = 0; i < runs.length; i += 2) count += runs[i + 1] - runs[i];
  return count;
}

/** The bounding rectangle. */
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

/** Packs gaps and lengths as variable-length integers (7 bits per byte): mostly 2 to 4 bytes per run. */
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

/** The inverse of `packRuns`. */
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
