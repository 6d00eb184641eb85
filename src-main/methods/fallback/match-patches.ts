import { reflectIndex } from '../../common/maps/border.ts';
import type { PatchSelection } from '../references/selection.ts';
import type { Execution, FeatureMap } from '../types.ts';
import { yieldAndCheck } from '../yield-and-check.ts';
import { assertFinite } from './assert-finite.ts';

/** A patch sorted in each channel: C lists of T*T values, and each value's position in the patch. */
interface SortedPatch {
  values: Float32Array;
  order: Uint16Array;
}

/**
 * Matches every patch with patches of the image (paper, sections 3.2 and 3.3). Sorts and stores all patches, and finds nearest
 * ones by comparing all pairs. Cost O(C T^2 (H W)^2), memory O(C T^2 H W).
 *
 * @param visit called for each patch with the row and column of its center and the errors at each of its T*T positions: averaged
 *   over channels; averaged over nearest references, summed over others
 */
export async function matchPatches(
  features: FeatureMap,
  selection: PatchSelection,
  patchSize: number,
  execution: Execution,
  visit: (y: number, x: number, errors: Float64Array) => void,
): Promise<void> {
  assertFinite(features);
  const { channels, height, width } = features;
  const size = patchSize * patchSize;
  const patches = Array.from({ length: height * width }, (_, position) =>
    sortedPatch(features, position, patchSize),
  );
  for (let position = 0; position < patches.length; position++) {
    if (position % width === 0) await yieldAndCheck(execution, position / patches.length);
    const selected = selectIndices(selection, patches.length, (other) =>
      wasserstein(patches[position].values, patches[other].values),
    );
    const scale = 1 / (channels * (selection.kind === 'nearest' ? selected.length : 1));
    const { values, order } = patches[position];
    const errors = new Float64Array(size);
    for (const reference of selected) {
      const matches = patches[reference].values;
      for (let i = 0; i < values.length; i++) {
        errors[order[i]] += scale * Math.abs(values[i] - matches[i]);
      }
    }
    visit(Math.floor(position / width), position % width, errors);
  }
}

/** The indices of the patches that a patch is compared with. @param distanceTo the distance from the patch to another */
export function selectIndices(
  selection: PatchSelection,
  total: number,
  distanceTo: (index: number) => number,
): readonly number[] {
  if (selection.kind === 'indices') return Array.from(selection.indices);
  const all = selection.among
    ? Array.from(selection.among)
    : Array.from({ length: total }, (_, index) => index);
  if (selection.kind === 'all') return all;
  const distances = new Map(all.map((index) => [index, distanceTo(index)]));
  const distanceOf = (index: number) => distances.get(index) ?? 0;
  return all.sort((a, b) => distanceOf(a) - distanceOf(b) || a - b).slice(0, selection.k);
}

function sortedPatch(
  { values, channels, height, width }: FeatureMap,
  position: number,
  patchSize: number,
): SortedPatch {
  const size = patchSize * patchSize;
  const half = (patchSize - 1) / 2;
  const [y, x] = [Math.floor(position / width), position % width];
  const sorted = { values: new Float32Array(channels * size), order: new Uint16Array(channels * size) };
  for (let c = 0; c < channels; c++) {
    const samples = Float32Array.from({ length: size }, (_, i) => {
      const row = reflectIndex(y + Math.floor(i / patchSize) - half, height);
      return values[(c * height + row) * width + reflectIndex(x + (i % patchSize) - half, width)];
    });
    const order = Uint16Array.from(samples.keys()).sort((a, b) => samples[a] - samples[b] || a - b);
    sorted.order.set(order, c * size);
    sorted.values.set(
      Float32Array.from(order, (i) => samples[i]),
      c * size,
    );
  }
  return sorted;
}

/** The 1-D Wasserstein distance of sorted samples, summed over channels, not divided by the number of samples. */
function wasserstein(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += Math.abs(a[i] - b[i]);
  return sum;
}
