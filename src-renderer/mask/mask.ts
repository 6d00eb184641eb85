import { pixelsIn, RunList, runsOf, type Runs } from './runs.ts';

/** Size in pixels. */
export interface Size {
  width: number;
  height: number;
}

/** The ground truth of an image while it is drawn: a byte a pixel, 255 where it is anomalous, 0 elsewhere. */
export class Mask {
  readonly width: number;
  readonly height: number;
  readonly pixels: Uint8Array<ArrayBuffer>;
  /** Anomalous pixels. */
  count: number;

  /** @param pixels 0 or 255 each, row by row; empty where left out */
  constructor({ width, height }: Size, pixels = new Uint8Array(width * height)) {
    this.width = width;
    this.height = height;
    this.pixels = pixels;
    this.count = pixelsIn(runsOf(pixels, width));
  }

  has(x: number, y: number): boolean {
    return x >= 0 && y >= 0 && x < this.width && y < this.height && this.pixels[y * this.width + x] !== 0;
  }

  /**
   * Makes pixels anomalous, or takes that back.
   *
   * @returns those that were not so before
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

  /** Turns anomalous pixels normal and normal ones anomalous. Twice the same changes nothing. */
  flip(runs: Runs): void {
    const { pixels } = this;
    for (let i = 0; i < runs.length; i += 2) {
      for (let at = runs[i]; at < runs[i + 1]; at++) {
        this.count += pixels[at] === 0 ? 1 : -1;
        pixels[at] ^= 255;
      }
    }
  }
}
