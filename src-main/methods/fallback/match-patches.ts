import type { Windows } from '../references/selection.ts';
import type { Execution, FeatureMap } from '../types.ts';
import { refuseNonFinite } from './assert-finite.ts';
import { reflect } from './rank-matching.ts';
import { pause } from '../yield-and-check.ts';

/** A window of all channels, sorted: C lists of T*T values with the position in the window of each. */
interface SortedWindow {
  values: Float32Array;
  order: Uint16Array;
}

/**
 * The matching errors of every window against windows of the image (paper, 3.2 and 3.3), by the book: all windows are sorted
 * and kept, and nearest ones are found by comparing all pairs.
 *
 * @param visit called for each window, y and x of its centre, with the errors at each of its T*T positions: averaged over
 *   channels, and over references where they are the nearest ones, summed over them otherwise
 *
 * Cost O(C T^2 (H W)^2); memory O(C T^2 H W).
 */
export async function matchAgainst(
  features: FeatureMap,
  references: Windows,
  patchSize: number,
  execution: Execution,
  visit: (y: number, x: number, errors: Float64Array) => void,
): Promise<void> {
  refuseNonFinite(features);
  const { channels, height, width } = features;
  const size = patchSize * patchSize;
  const windows = Array.from({ length: height * width }, (_, at) => sortedWindow(features, at, patchSize));
  for (let position = 0; position < windows.length; position++) {
    if (position % width === 0) await pause(execution, position / windows.length);
    const chosen = positionsFor(references, windows.length, (other) =>
      wasserstein(windows[position].values, windows[other].values),
    );
    const scale = 1 / (channels * (references.kind === 'nearest' ? chosen.length : 1));
    const { values, order } = windows[position];
    const errors = new Float64Array(size);
    for (const reference of chosen) {
      const matches = windows[reference].values;
      for (let i = 0; i < values.length; i++) {
        errors[order[i]] += scale * Math.abs(values[i] - matches[i]);
      }
    }
    visit(Math.floor(position / width), position % width, errors);
  }
}

/** The positions that a window is compared with; `distanceTo` says how far another is from it. */
export function positionsFor(
  references: Windows,
  total: number,
  distanceTo: (position: number) => number,
): readonly number[] {
  if (references.kind === 'positions') return Array.from(references.positions);
  const all = Array.from({ length: total }, (_, position) => position);
  if (references.kind === 'all') return all;
  const distances = all.map(distanceTo);
  return all.sort((a, b) => distances[a] - distances[b] || a - b).slice(0, references.count);
}

function sortedWindow(
  { values, channels, height, width }: FeatureMap,
  position: number,
  patchSize: number,
): SortedWindow {
  const size = patchSize * patchSize;
  const half = (patchSize - 1) / 2;
  const [y, x] = [Math.floor(position / width), position % width];
  const sorted = { values: new Float32Array(channels * size), order: new Uint16Array(channels * size) };
  for (let c = 0; c < channels; c++) {
    const samples = Float32Array.from({ length: size }, (_, at) => {
      const row = reflect(y + Math.floor(at / patchSize) - half, height);
      return values[(c * height + row) * width + reflect(x + (at % patchSize) - half, width)];
    });
    const order = Uint16Array.from(samples.keys()).sort((a, b) => samples[a] - samples[b] || a - b);
    sorted.order.set(order, c * size);
    sorted.values.set(
      Float32Array.from(order, (at) => samples[at]),
      c * size,
    );
  }
  return sorted;
}

/** The 1-D Wasserstein distance of sorted samples, not divided by their number, summed over channels. */
function wasserstein(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += Math.abs(a[i] - b[i]);
  return sum;
}
