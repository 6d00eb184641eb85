import { RunList, type Runs } from '../../src-main/common/maps/mask-runs.ts';
import type { Size } from '../viewer/viewport.ts';
import type { Rectangle } from './rectangle.ts';

/** A cell is set (255) or clear (0). */
export type Cell = 0 | 255;

/** A square of cells: one value, or a byte per cell. Cells beyond the grid are 0. */
type Chunk = Cell | Uint8Array;

/** Side of a chunk in cells; even, so that a halved grid has its quarters. */
const SIDE = 256;

/**
 * A grid of cells that are set or clear. Squares with one value take no memory, so a large image with a few defects takes little.
 */
export class CellGrid {
  readonly width: number;
  readonly height: number;
  readonly side: number;
  readonly columns: number;
  readonly #chunks: Chunk[];
  /** Set cells of each chunk. */
  readonly #counts: Int32Array;

  constructor({ width, height }: Size, side = SIDE) {
    this.width = width;
    this.height = height;
    this.side = side;
    this.columns = Math.ceil(width / side);
    const count = this.columns * Math.ceil(height / side);
    this.#chunks = new Array<Chunk>(count).fill(0);
    this.#counts = new Int32Array(count);
  }

  /** Memory of the chunks that have both values. */
  get bytes(): number {
    return this.#chunks.filter((chunk) => typeof chunk !== 'number').length * this.side ** 2;
  }

  at(x: number, y: number): number {
    const { side } = this;
    const [column, row] = [Math.floor(x / side), Math.floor(y / side)];
    const chunk = this.#chunks[row * this.columns + column];
    return typeof chunk === 'number' ? chunk : chunk[(y - row * side) * side + x - column * side];
  }

  /** The chunk at a column and a row of chunks, with `side` cells per row. */
  chunk(column: number, row: number): Chunk {
    return this.#chunks[row * this.columns + column];
  }

  /** Calls back with the spans between two columns of a row that do not have a value. */
  findOther(
    y: number,
    from: number,
    to: number,
    value: Cell,
    found: (from: number, to: number) => void,
  ): void {
    const { side } = this;
    const row = Math.floor(y / side);
    for (let x = from; x < to;) {
      const column = Math.floor(x / side);
      const end = Math.min(to, (column + 1) * side);
      const chunk = this.#chunks[row * this.columns + column];
      if (typeof chunk === 'number') {
        if (chunk !== value) found(x, end);
      } else {
        const offset = (y - row * side) * side - column * side;
        for (let at = x; at < end; at++) {
          if (chunk[offset + at] === value) continue;
          const start = at;
          while (at < end && chunk[offset + at] !== value) at++;
          found(start, at);
        }
      }
      x = end;
    }
  }

  /** Sets or clears the cells between two columns of a row. */
  fill(y: number, from: number, to: number, value: Cell): void {
    const { side } = this;
    const row = Math.floor(y / side);
    for (let x = from; x < to;) {
      const column = Math.floor(x / side);
      const end = Math.min(to, (column + 1) * side);
      const index = row * this.columns + column;
      const cells = this.#bytes(index, value);
      if (cells) {
        const offset = (y - row * side) * side - column * side;
        let count = 0;
        for (let at = offset + x; at < offset + end; at++) if (cells[at] !== value) count++;
        cells.fill(value, offset + x, offset + end);
        this.#counts[index] += value === 255 ? count : -count;
        this.#collapse(index);
      }
      x = end;
    }
  }

  /** Sets or clears the cells of a rectangle inside the grid. */
  fillRectangle({ x, y, width, height }: Rectangle, value: Cell): void {
    const { side } = this;
    for (let row = Math.floor(y / side); row * side < y + height; row++)
      for (let column = Math.floor(x / side); column * side < x + width; column++) {
        const index = row * this.columns + column;
        if (this.#chunks[index] === value) continue;
        const area = this.#areaOf(index);
        const left = Math.max(x, column * side);
        const right = Math.min(x + width, (column + 1) * side);
        const top = Math.max(y, row * side);
        const bottom = Math.min(y + height, (row + 1) * side);
        if ((right - left) * (bottom - top) === area) {
          this.#chunks[index] = value;
          this.#counts[index] = value === 0 ? 0 : area;
        } else {
          for (let line = top; line < bottom; line++) this.fill(line, left, right, value);
        }
      }
  }

  /** The set cells. */
  get runs(): Runs {
    const { side, columns, width, height } = this;
    const list = new RunList(width);
    for (let top = 0, row = 0; top < height; top += side, row++) {
      const chunks = this.#chunks.slice(row * columns, (row + 1) * columns);
      if (chunks.every((chunk) => chunk === 0)) continue;
      for (let y = top; y < Math.min(top + side, height); y++)
        this.findOther(y, 0, width, 0, (from, to) => list.add(y * width + from, y * width + to));
    }
    return list.runs;
  }

  /** A chunk's bytes, so that a value can be written; undefined if all its cells have the value. */
  #bytes(index: number, value: Cell): Uint8Array | undefined {
    const chunk = this.#chunks[index];
    if (typeof chunk !== 'number') return chunk;
    if (chunk === value) return undefined;
    const { side } = this;
    const cells = new Uint8Array(side * side);
    if (chunk === 255) {
      const { width, height } = this.#sizeOf(index);
      for (let row = 0; row < height; row++) cells.fill(255, row * side, row * side + width);
    }
    this.#chunks[index] = cells;
    return cells;
  }

  #collapse(index: number): void {
    const count = this.#counts[index];
    if (count === 0) this.#chunks[index] = 0;
    else if (count === this.#areaOf(index)) this.#chunks[index] = 255;
  }

  #areaOf(index: number): number {
    const { width, height } = this.#sizeOf(index);
    return width * height;
  }

  /** The size of a chunk inside the grid. */
  #sizeOf(index: number): Size {
    const { side, columns, width, height } = this;
    const row = Math.floor(index / columns);
    const column = index - row * columns;
    return { width: Math.min(side, width - column * side), height: Math.min(side, height - row * side) };
  }
}
