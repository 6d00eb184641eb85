import type { Size } from './mask.ts';
import { RunList, runsOf, type Runs } from './runs.ts';

/**
 * A mask grown by a disc: the pixels at most `radius` away, center to center, from an anomalous one.
 * Cost O(width x height + runs x radius).
 */
export function grown(pixels: Uint8Array, size: Size, radius: number): Runs {
  return dilated(runsOf(pixels, size.width), size, radius);
}

/**
 * What a mask loses when it is shrunk by a disc: its pixels at most `radius` away from a normal one. What lies outside the
 * image takes nothing away, so a defect at its edge stays there, and shrinking what was grown leaves at least what was.
 */
export function shrinkage(pixels: Uint8Array, size: Size, radius: number): Runs {
  return dilated(runsOf(pixels, size.width, 'clear'), size, radius);
}

/** In each row, the runs of the rows around count their ends, widened by the disc's half-width there, into a line. */
function dilated(runs: Runs, { width, height }: Size, radius: number): Runs {
  const reach = Math.floor(radius);
  const halfWidths = Int32Array.from({ length: reach + 1 }, (_, dy) =>
    Math.floor(Math.sqrt(radius ** 2 - dy ** 2)),
  );
  const firstOfRow = firstRuns(runs, width, height);
  const list = new RunList(width);
  const line = new Int32Array(width + 1);
  for (let y = 0; y < height; y++) {
    const top = Math.max(0, y - reach);
    const bottom = Math.min(height - 1, y + reach);
    if (firstOfRow[top] === firstOfRow[bottom + 1]) continue;
    line.fill(0);
    for (let row = top; row <= bottom; row++) {
      const half = halfWidths[Math.abs(row - y)];
      const start = row * width;
      for (let run = firstOfRow[row]; run < firstOfRow[row + 1]; run++) {
        line[Math.max(0, runs[2 * run] - start - half)]++;
        line[Math.min(width, runs[2 * run + 1] - start + half)]--;
      }
    }
    let depth = 0;
    let first = -1;
    for (let x = 0; x <= width; x++) {
      depth += line[x];
      if (depth > 0 && x < width) {
        if (first === -1) first = x;
      } else if (first !== -1) {
        list.add(y * width + first, y * width + x);
        first = -1;
      }
    }
  }
  return list.runs;
}

/** For each row, and one beyond, the index of its first run. */
function firstRuns(runs: Runs, width: number, height: number): Int32Array {
  const first = new Int32Array(height + 1);
  let run = 0;
  for (let y = 0; y <= height; y++) {
    while (run < runs.length / 2 && runs[2 * run] < y * width) run++;
    first[y] = run;
  }
  return first;
}
