import { RunList, type Runs } from '../../src-main/common/maps/mask-runs.ts';
import type { Size } from '../viewer/viewport.ts';
import { CellGrid } from './cell-grid.ts';

/** A mask that is being edited. Its set pixels are anomalous. */
export class Mask {
  readonly width: number;
  readonly height: number;
  readonly cells: CellGrid;
  /** Number of anomalous pixels. */
  count = 0;

  /** @param side of the squares that the mask is stored in */
  constructor({ width, height }: Size, side?: number) {
    this.width = width;
    this.height = height;
    this.cells = new CellGrid({ width, height }, side);
  }

  has(x: number, y: number): boolean {
    return x >= 0 && y >= 0 && x < this.width && y < this.height && this.cells.at(x, y) !== 0;
  }

  /** The anomalous pixels. */
  get runs(): Runs {
    return this.cells.runs;
  }

  /**
   * Marks pixels as anomalous or normal.
   *
   * @returns the pixels that changed
   */
  write(runs: Runs, anomalous: boolean): Runs {
    const value = anomalous ? 255 : 0;
    const { cells, width } = this;
    const changed = new RunList(width);
    let count = 0;
    for (let i = 0; i < runs.length; i += 2) {
      const y = Math.floor(runs[i] / width);
      const start = y * width;
      cells.findOther(y, runs[i] - start, runs[i + 1] - start, value, (from, to) => {
        changed.add(start + from, start + to);
        count += to - from;
      });
      cells.fill(y, runs[i] - start, runs[i + 1] - start, value);
    }
    this.count += anomalous ? count : -count;
    return changed.runs;
  }

  /** Toggles pixels. Toggling the same pixels twice changes nothing. */
  toggle(runs: Runs): void {
    const { cells, width } = this;
    for (let i = 0; i < runs.length; i += 2) {
      const y = Math.floor(runs[i] / width);
      const [from, to] = [runs[i] - y * width, runs[i + 1] - y * width];
      const clear: [from: number, to: number][] = [];
      const set: [from: number, to: number][] = [];
      cells.findOther(y, from, to, 255, (start, end) => clear.push([start, end]));
      cells.findOther(y, from, to, 0, (start, end) => set.push([start, end]));
      for (const [start, end] of clear) {
        cells.fill(y, start, end, 255);
        this.count += end - start;
      }
      for (const [start, end] of set) {
        cells.fill(y, start, end, 0);
        this.count -= end - start;
      }
    }
  }
}
