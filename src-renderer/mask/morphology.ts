import type { Size } from '../viewer/viewport.ts';
import { complementOf, RunList, type Runs } from '../../src-main/common/maps/mask-runs.ts';

/**
 * The pixels that erosion by a disc removes: those at most `radius` from a normal pixel. The outside of the image does not
 * erode, so a defect at the edge stays there, and closing (dilation, then erosion) never loses a pixel.
 */
export function erosionLoss(runs: Runs, size: Size, radius: number): Runs {
  return dilate(complementOf(runs, size), size, radius);
}

/**
 * Dilates a mask by a disc: adds the pixels whose center is at most `radius` from an anomalous pixel's
 * center. Cost O(width x height + runs x radius).
 */
export function dilate(runs: Runs, { width, height }: Size, radius: number): Runs {
  // For each row, counts starts and ends of the runs in the rows within the radius, widened by the disc's half width there.
  const rows = Math.floor(radius);
  const halfWidths = Int32Array.from({ length: rows + 1 }, (_, dy) =>
    Math.floor(Math.sqrt(radius ** 2 - dy ** 2)),
  );
  const firstOfRow = firstRuns(runs, width, height);
  const list = new RunList(width);
  const line = new Int32Array(width + 1);
  for (let y = 0; y < height; y++) {
    const top = Math.max(0, y - rows);
    const bottom = Math.min(height - 1, y + rows);
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

/** Index of each row's first run. The last element is the number of runs. */
function firstRuns(runs: Runs, width: number, height: number): Int32Array {
  const first = new Int32Array(height + 1);
  let run = 0;
  for (let y = 0; y <= height; y++) {
    while (run < runs.length / 2 && runs[2 * run] < y * width) run++;
    first[y] = run;
  }
  return first;
}
