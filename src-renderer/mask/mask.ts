import type { Size } from '../viewer/viewport.ts';
import { countPixels, RunList, runsOf, type Runs } from './runs.ts';

/** A mask that is being edited: one byte per pixel, 255 for anomalous, 0 for normal. */
export class Mask {
  readonly width: number;
  readonly height: number;
  readonly pixels: Uint8Array<ArrayBuffer>;
  /** Number of anomalous pixels. */
  count: number;

  /** @param pixels 0 or 255, row by row; all 0 by default */
  constructor({ width, height }: Size, pixels = new Uint8Array(width * height)) {
    this.width = width;
    this.height = height;
    this.pixels = pixels;
    this.count = countPixels(runsOf(pixels, width));
  }

  has(x: number, y: number): boolean {
    return x >= 0 && y >= 0 && x < this.width && y < this.height && this.pixels[y * this.width + x] !== 0;
  }

  /**
   * Marks pixels as anomalous or normal.
   *
   * @returns the pixels that changed
   */
  write(runs: Runs, anomalous: boolean): Runs {
    const value = anomalous ? 255 : 0;
    const { pixels } = this;
    const changed = new RunList(this.width);
    let count = 0;
    for (let i = 0; i < runs.length; i += 2) {
      const end = runs[i + 1];
      for (let at = runs[i]; at < end; at++) {
        if (pixels[at] === value) continue;
        const start = at;
        do at++;
        while (at < end && pixels[at] !== value);
        pixels.fill(value, start, at);
        changed.add(start, at);
        count += at - start;
      }
    }
    this.count += anomalous ? count : -count;
    return changed.runs;
  }

  /** Toggles pixels. Toggling the same pixels twice changes nothing. */
  toggle(runs: Runs): void {
    const { pixels } = this;
    for (let i = 0; i < runs.length; i += 2) {
      for (let at = runs[i]; at < runs[i + 1]; at++) {
        this.count += pixels[at] === 0 ? 1 : -1;
        pixels[at] ^= 255;
      }
    }
  }
}
