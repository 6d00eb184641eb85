import type { DescriptorSelection } from '../references/selection.ts';
import type { Execution, FeatureMap } from '../types.ts';
import { yieldAndCheck } from '../yield-and-check.ts';
import { selectIndices } from './match-patches.ts';

/**
 * Compares the descriptors of all positions with a reference, pair by pair.
 *
 * @param planes one H x W plane for each number of the descriptor
 * @param cost the cost of the difference of two descriptors in one number
 * @returns H x W: the sum over planes, summed over several references, averaged over nearest ones. Cost O(C
 * (H W)^2) at most
 */
export async function compareDescriptors(
  planes: readonly Float64Array[],
  { height, width }: FeatureMap,
  selection: DescriptorSelection,
  cost: (difference: number) => number,
  execution: Execution,
): Promise<Float64Array> {
  const total = height * width;
  const map = new Float64Array(total);
  if (selection.kind === 'global') {
    for (const plane of planes) {
      const counted = selection.among ? Float64Array.from(selection.among, (index) => plane[index]) : plane;
      const mean = counted.reduce((sum, value) => sum + value, 0) / counted.length;
      plane.forEach((value, position) => (map[position] += cost(value - mean)));
    }
    return map;
  }
  for (let position = 0; position < total; position++) {
    if (position % width === 0) await yieldAndCheck(execution, position / total);
    const distanceTo = (other: number) =>
      planes.reduce((sum, plane) => sum + cost(plane[position] - plane[other]), 0);
    const selected = selectIndices(selection, total, distanceTo);
    const sum = selected.reduce((costs, other) => costs + distanceTo(other), 0);
    map[position] = selection.kind === 'nearest' ? sum / selected.length : sum;
  }
  return map;
}
