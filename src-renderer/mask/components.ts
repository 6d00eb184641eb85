import type { Connectivity } from './flood.ts';
import type { Point, Size } from '../viewer/viewport.ts';
import {
  complementOf,
  firstRunAfter,
  hasPixel,
  RunList,
  type Runs,
} from '../../src-main/common/maps/mask-runs.ts';

/** Labels connected components by union-find over runs. @returns for each run, the label of its component */
function labelRuns(runs: Runs, width: number, connectivity: Connectivity): Int32Array {
  const count = runs.length / 2;
  const parents = Int32Array.from({ length: count }, (_, run) => run);
  const root = (run: number) => {
    while (parents[run] !== run) run = parents[run] = parents[parents[run]];
    return run;
  };
  const overlap = connectivity === 8 ? 1 : 0;
  // `above` follows `run` one row behind.
  let above = 0;
  for (let run = 0; run < count; run++) {
    const row = Math.floor(runs[2 * run] / width);
    const start = runs[2 * run] - width - overlap;
    const end = runs[2 * run + 1] - width + overlap;
    while (runs[2 * above + 1] <= start || Math.floor(runs[2 * above] / width) < row - 1) above++;
    for (let other = above; other < run && runs[2 * other] < end; other++) {
      if (Math.floor(runs[2 * other] / width) !== row - 1) continue;
      const [a, b] = [root(run), root(other)];
      parents[Math.max(a, b)] = Math.min(a, b);
    }
  }
  for (let run = 0; run < count; run++) parents[run] = root(run);
  return parents;
}

/** A mask's holes: 4-connected components of normal pixels that do not touch the edge of the image. */
export function holes(mask: Runs, { width, height }: Size): Runs {
  const runs = complementOf(mask, { width, height });
  const components = labelRuns(runs, width, 4);
  const touchesEdge = new Uint8Array(components.length);
  for (const [run, component] of components.entries()) {
    const start = runs[2 * run];
    const row = Math.floor(start / width);
    const atEdge = row === 0 || row === height - 1 || start === row * width;
    if (atEdge || runs[2 * run + 1] === (row + 1) * width) touchesEdge[component] = 1;
  }
  return filterRuns(runs, width, (run) => touchesEdge[components[run]] === 0);
}

/** A mask's 8-connected components with fewer than `area` pixels. */
export function smallComponents(runs: Runs, { width }: Size, area: number): Runs {
  const components = labelRuns(runs, width, 8);
  const areas = new Float64Array(components.length);
  for (const [run, component] of components.entries()) {
    areas[component] += runs[2 * run + 1] - runs[2 * run];
  }
  return filterRuns(runs, width, (run) => areas[components[run]] < area);
}

/**
 * The 4-connected normal area around a pixel, or the 8-connected anomalous area if the pixel is anomalous.
 *
 * @param x, y the pixel, inside the image
 */
export function areaAround(mask: Runs, size: Size, { x, y }: Point): Runs {
  const pixel = y * size.width + x;
  const isAnomalous = hasPixel(mask, pixel);
  const runs = isAnomalous ? mask : complementOf(mask, size);
  const components = labelRuns(runs, size.width, isAnomalous ? 8 : 4);
  const wanted = components[firstRunAfter(runs, pixel) - 1];
  return filterRuns(runs, size.width, (run) => components[run] === wanted);
}

function filterRuns(runs: Runs, width: number, includes: (run: number) => boolean): Runs {
  const list = new RunList(width);
  for (let run = 0; run < runs.length / 2; run++) {
    if (includes(run)) list.add(runs[2 * run], runs[2 * run + 1]);
  }
  return list.runs;
}
