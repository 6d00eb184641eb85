import type { Connectivity } from './flood.ts';
import type { Size } from './mask.ts';
import { RunList, runsOf, type Runs } from './runs.ts';

/** The connected components of a set of pixels: for each run, a number that the runs of its component share. */
function componentsOf(runs: Runs, width: number, connectivity: Connectivity): Int32Array {
  const count = runs.length / 2;
  const parents = Int32Array.from({ length: count }, (_, run) => run);
  const root = (run: number) => {
    while (parents[run] !== run) run = parents[run] = parents[parents[run]];
    return run;
  };
  const reach = connectivity === 8 ? 1 : 0;
  // Two hands go through the runs: `above` stays a row behind `run`.
  let above = 0;
  for (let run = 0; run < count; run++) {
    const row = Math.floor(runs[2 * run] / width);
    const start = runs[2 * run] - width - reach;
    const end = runs[2 * run + 1] - width + reach;
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

/** The pixels of the holes of a mask: normal ones that no way along sides leads from to the edge of the image. */
export function holesOf(pixels: Uint8Array, { width, height }: Size): Runs {
  const runs = runsOf(pixels, width, 'clear');
  const components = componentsOf(runs, width, 4);
  const open = new Uint8Array(components.length);
  for (const [run, component] of components.entries()) {
    const start = runs[2 * run];
    const row = Math.floor(start / width);
    const atEdge = row === 0 || row === height - 1 || start === row * width;
    if (atEdge || runs[2 * run + 1] === (row + 1) * width) open[component] = 1;
  }
  return chosen(runs, width, (run) => open[components[run]] === 0);
}

/** The pixels of the regions (8-connected) of a mask that have fewer than `area` pixels. */
export function specksOf(pixels: Uint8Array, { width }: Size, area: number): Runs {
  const runs = runsOf(pixels, width);
  const components = componentsOf(runs, width, 8);
  const areas = new Int32Array(components.length);
  for (const [run, component] of components.entries()) {
    areas[component] += runs[2 * run + 1] - runs[2 * run];
  }
  return chosen(runs, width, (run) => areas[components[run]] < area);
}

function chosen(runs: Runs, width: number, isChosen: (run: number) => boolean): Runs {
  const list = new RunList(width);
  for (let run = 0; run < runs.length / 2; run++) {
    if (isChosen(run)) list.add(runs[2 * run], runs[2 * run + 1]);
  }
  return list.runs;
}
