import type { AnomalyMap } from '../../common/maps/anomaly-map.ts';
import { gaussianBlur } from '../../common/maps/gaussian-blur.ts';
import type { Extraction, ModelRunner } from '../extractors/extractor.ts';
import type { Execution } from '../types.ts';
import { yieldAndCheck } from '../yield-and-check.ts';
import { type Patches, patchVectors } from './patches.ts';

/** Maximum number of positions per run of the graph. Bounds memory to 40 MiB with the largest bank. */
const BLOCK = 1024;
/** Standard deviation of the final smoothing, in pixels of the image that features were extracted from (as published). */
const SIGMA_PIXELS = 4;

/**
 * The anomaly map of PatchCore (Roth et al., section 3.3): the distance of each position to the nearest vector of the memory
 * bank, smoothed. The score of an image is the maximum of the map. The published reweighting of the image score by the density
 * of the bank does not change the map and is not applied. Cost O(H W C) per vector of the bank.
 */
export async function patchcoreMap(
  extraction: Extraction,
  bank: Patches,
  models: ModelRunner,
  execution: Execution,
): Promise<AnomalyMap> {
  const { height, width } = extraction.features;
  const values = await distancesToNearest(patchVectors(extraction), bank, models, execution);
  return smoothAtPixels({ values, height, width }, extraction.extentWidth);
}

/**
 * Smooths a map at feature resolution by the published standard deviation of 4 pixels.
 *
 * @param extentWidth width in pixels of the area that the map spans
 */
export function smoothAtPixels(map: AnomalyMap, extentWidth: number): AnomalyMap {
  const sigma = (SIGMA_PIXELS * map.width) / extentWidth;
  const blur = { radius: Math.ceil(4 * sigma), sigma, border: 'repeat' } as const;
  return { ...map, values: gaussianBlur(map, blur) };
}

/** The Euclidean distance of each vector to the nearest one in the bank, by the graph `models/nn_search.onnx`. */
export async function distancesToNearest(
  patches: Patches,
  bank: Patches,
  models: ModelRunner,
  execution: Execution,
): Promise<Float32Array> {
  const { count, length } = patches;
  const bankTensor = { values: bank.values, dimensions: [bank.count, length] };
  const distances = new Float32Array(count);
  for (let start = 0; start < count; start += BLOCK) {
    await yieldAndCheck(execution, start / count);
    const values = patches.values.subarray(start * length, (start + BLOCK) * length);
    const block = { values, dimensions: [values.length / length, length] };
    const { values: nearest } = await models.run('nn_search.onnx', block, bankTensor);
    // The graph ranks by |v|^2 - 2 v b + |b|^2, which loses digits by cancellation. Compute the distance itself directly.
    nearest.forEach((index, i) => (distances[start + i] = distance(patches, start + i, bank, index)));
  }
  return distances;
}

function distance(patches: Patches, row: number, bank: Patches, bankRow: number): number {
  let sum = 0;
  for (let i = 0; i < patches.length; i++) {
    sum += (patches.values[row * patches.length + i] - bank.values[bankRow * bank.length + i]) ** 2;
  }
  return Math.sqrt(sum);
}
