import type { Mask } from './mask.ts';
import type { Size } from '../viewer/viewport.ts';
import { intersection, type Rectangle } from './rectangle.ts';

/** A reduced mask: a cell is 255 if any of its pixels is anomalous. */
interface Level extends Size {
  cells: Uint8Array;
}

/**
 * A mask and its reductions by powers of two. Each zoom level uses the reduction whose cells are about as
 * large as device pixels, so that a single anomalous pixel is visible at any zoom.
 */
export class Pyramid {
  /** Level 0 is the mask; a cell of level n is 2^n pixels wide. The last level is a single cell. */
  readonly levels: readonly Level[];

  constructor({ width, height, pixels }: Mask) {
    const levels: Level[] = [{ width, height, cells: pixels }];
    for (let last = levels[0]; last.width > 1 || last.height > 1; last = levels[levels.length - 1]) {
      const size = { width: Math.ceil(last.width / 2), height: Math.ceil(last.height / 2) };
      levels.push({ ...size, cells: new Uint8Array(size.width * size.height) });
    }
    this.levels = levels;
    this.update({ x: 0, y: 0, width, height });
  }

  /** Updates the levels after the mask has changed within a rectangle. */
  update(changed: Rectangle): void {
    let { x, y } = changed;
    let right = changed.x + changed.width;
    let bottom = changed.y + changed.height;
    for (let n = 1; n < this.levels.length; n++) {
      x >>= 1;
      y >>= 1;
      right = (right + 1) >> 1;
      bottom = (bottom + 1) >> 1;
      halve(this.levels[n - 1], this.levels[n], { x, y, width: right - x, height: bottom - y });
    }
  }

  /** A rectangle in pixels that contains all anomalous pixels; at most 64 pixels too large on each side. */
  get content(): Rectangle {
    const n = Math.min(6, this.levels.length - 1);
    const { width, height, cells } = this.levels[n];
    let [left, right, top, bottom] = [width, 0, height, 0];
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        if (cells[y * width + x] === 0) continue;
        [left, right] = [Math.min(left, x), Math.max(right, x + 1)];
        [top, bottom] = [Math.min(top, y), y + 1];
      }
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

function halve(from: Level, to: Level, cells: Rectangle): void {
  for (let y = cells.y; y < cells.y + cells.height; y++) {
    const upper = 2 * y * from.width;
    const lower = 2 * y + 1 < from.height ? upper + from.width : upper;
    for (let x = cells.x; x < cells.x + cells.width; x++) {
      const left = 2 * x;
      const right = left + 1 < from.width ? left + 1 : left;
      to.cells[y * to.width + x] =
        from.cells[upper + left] |
        from.cells[upper + right] |
        from.cells[lower + left] |
        from.cells[lower + right];
    }
  }
}
