import { CellGrid } from './cell-grid.ts';
import type { Mask } from './mask.ts';
import { intersection, isEmpty, type Rectangle } from './rectangle.ts';

/**
 * A mask and its reductions by powers of two: a cell is set if any of its pixels is anomalous. Each zoom level uses the reduction
 * whose cells are about as large as device pixels, so that a single anomalous pixel is visible at any zoom.
 */
export class Pyramid {
  /** Level 0 is the mask; a cell of level n is 2^n pixels wide. The last level is a single cell. */
  readonly levels: readonly CellGrid[];

  constructor({ width, height, cells }: Mask) {
    const levels = [cells];
    for (let last = cells; last.width > 1 || last.height > 1; last = levels[levels.length - 1]) {
      const size = { width: Math.ceil(last.width / 2), height: Math.ceil(last.height / 2) };
      levels.push(new CellGrid(size, cells.side));
    }
    this.levels = levels;
    this.update({ x: 0, y: 0, width, height });
  }

  get bytes(): number {
    return this.levels.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  /** Updates the levels after the mask has changed within a rectangle. */
  update(changed: Rectangle): void {
    let { x, y } = changed;
    let right = changed.x + changed.width;
    let bottom = changed.y + changed.height;
    for (let n = 1; n < this.levels.length; n++) {
      x = Math.floor(x / 2);
      y = Math.floor(y / 2);
      right = Math.ceil(right / 2);
      bottom = Math.ceil(bottom / 2);
      halve(this.levels[n - 1], this.levels[n], { x, y, width: right - x, height: bottom - y });
    }
  }

  /** A rectangle in pixels that contains all anomalous pixels; at most 64 pixels too large on each side. */
  get content(): Rectangle {
    const n = Math.min(6, this.levels.length - 1);
    const { width, height } = this.levels[n];
    let [left, right, top, bottom] = [width, 0, height, 0];
    for (let y = 0; y < height; y++) {
      this.levels[n].findOther(y, 0, width, 0, (from, to) => {
        [left, right] = [Math.min(left, from), Math.max(right, to)];
        [top, bottom] = [Math.min(top, y), y + 1];
      });
    }
    const cell = 2 ** n;
    const occupied = {
      x: left * cell,
      y: top * cell,
      width: (right - left) * cell,
      height: (bottom - top) * cell,
    };
    return intersection(occupied, { x: 0, y: 0, width: this.levels[0].width, height: this.levels[0].height });
  }
}

/** Halves a grid within a rectangle of `to`, a chunk of `from` at a time. */
function halve(from: CellGrid, to: CellGrid, cells: Rectangle): void {
  const half = from.side / 2;
  for (let row = Math.floor(cells.y / half); row * half < cells.y + cells.height; row++)
    for (let column = Math.floor(cells.x / half); column * half < cells.x + cells.width; column++) {
      const part = intersection(cells, { x: column * half, y: row * half, width: half, height: half });
      if (isEmpty(part)) continue;
      const chunk = from.chunk(column, row);
      if (typeof chunk === 'number') to.fillRectangle(part, chunk);
      else halveChunk(chunk, from.side, { x: column * half, y: row * half }, to, part);
    }
}

/** @param origin of the chunk in cells of `to` */
function halveChunk(
  chunk: Uint8Array,
  side: number,
  origin: { x: number; y: number },
  to: CellGrid,
  part: Rectangle,
): void {
  const right = part.x + part.width;
  for (let y = part.y; y < part.y + part.height; y++) {
    const upper = 2 * (y - origin.y) * side;
    const isSet = (x: number) => {
      const at = upper + 2 * (x - origin.x);
      return (chunk[at] | chunk[at + 1] | chunk[at + side] | chunk[at + side + 1]) !== 0;
    };
    for (let x = part.x; x < right;) {
      const start = x;
      const set = isSet(start);
      while (x < right && isSet(x) === set) x++;
      to.fill(y, start, x, set ? 255 : 0);
    }
  }
}
