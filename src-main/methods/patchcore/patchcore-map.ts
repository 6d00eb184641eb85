import type { Extraction, GraphRunner } from '../extractors/extractor.ts';
import { blurred } from '../blur.ts';
import { pause } from '../yield-and-check.ts';
import type { AnomalyMap } from '../../common/maps/anomaly-map.ts';
import type { Execution } from '../types.ts';
import { locallyAware, type Patches } from './patches.ts';

/** Positions that are compared with the bank at once; bounds memory to 40 MiB with the largest bank. */
const BLOCK = 1024;
/** Smoothing of the map, in pixels of the image that features were extracted from (as published). */
const SIGMA = 4;

/**
 * The anomaly map of PatchCore (Roth et al., 3.3): per position the distance to the nearest vector of the memory bank,
 * smoothed. The score of an image is the map's maximum; the published weighting of that one score by how crowded the bank
 * is around its neighbour, which leaves the map as it is, is not applied.
 *
 * Cost O(H W bank C).
 */
export async function patchcoreMap(
  { features, extentWidth }: Extraction,
  bank: Patches,
  graphs: GraphRunner,
  execution: Execution,
): Promise<AnomalyMap> {
  const { height, width } = features;
  const values = await distancesToNearest(locallyAware(features), bank, graphs, execution);
  const sigma = (SIGMA * width) / extentWidth;
  return { values: blurred({ values, height, width }, sigma), height, width };
}

/** The Euclidean distance of each vector to the nearest of the bank, by the graph `models/nn_search.onnx`. */
export async function distancesToNearest(
  patches: Patches,
  bank: Patches,
  graphs: GraphRunner,
  execution: Execution,
): Promise<Float32Array> {
  const { count, length } = patches;
  const bankTensor = { values: bank.values, dimensions: [bank.count, length] };
  const distances = new Float32Array(count);
  for (let start = 0; start < count; start += BLOCK) {
    await pause(execution, start / count);
    const values = patches.values.subarray(start * length, (start + BLOCK) * length);
    const block = { values, dimensions: [values.length / length, length] };
    const { values: nearest } = await graphs.run('nn_search.onnx', block, bankTensor);
    // The graph finds the nearest by squares, which cancel; the distance itself is taken anew.
    nearest.forEach((index, i) => (distances[start + i] = distance(patches, start + i, bank, index)));
  }
  return distances;
}

function distance(patches: Patches, at: number, bank: Patches, index: number): number {
  let sum = 0;
  for (let i = 0; i < patches.length; i++) {
    sum += (patches.values[at * patches.length + i] - bank.values[index * bank.length + i]) ** 2;
  }
  return Math.sqrt(sum);
}
