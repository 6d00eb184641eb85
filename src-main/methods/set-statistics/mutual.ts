import { PerchError } from '../../common/api/errors.ts';
import type { AnomalyMap } from '../../common/maps/anomaly-map.ts';
import type { ComputeBackend } from '../backend/compute-backend.ts';
import { type MutualScales, scaleCount } from '../fallback/mutual-distances.ts';
import type { Execution, FeatureMap } from '../types.ts';
import { SmallestValues } from './smallest-values.ts';

/** The sides of the neighborhoods up to the largest: 1, 3, 5, ... */
export const neighborhoodSides = (largest: number): number[] =>
  Array.from({ length: (largest + 1) / 2 }, (_, i) => 2 * i + 1);

/**
 * The scores of one image by mutual scoring: at each scale, the mean of the smallest distances of a patch to the other images; the
 * mean over the scales. Memory 4 bytes per position, scale and kept distance.
 */
export class MutualScores {
  readonly #size: { height: number; width: number };
  readonly #scales: number;
  readonly #smallest: SmallestValues;

  /**
   * @param compared number of other images
   * @param fraction the fraction of the distances that counts, rounded down to a whole number, but at least one
   */
  constructor(size: { height: number; width: number }, scales: number, compared: number, fraction: number) {
    this.#size = size;
    this.#scales = scales;
    const kept = Math.max(1, Math.floor(fraction * compared));
    this.#smallest = new SmallestValues(scales * size.height * size.width, kept);
  }

  /** Adds the distances to another image. @param distances scales x H W */
  add(distances: Float32Array): void {
    for (let at = 0; at < distances.length; at++) this.#smallest.add(at, distances[at]);
  }

  map(): AnomalyMap {
    const { height, width } = this.#size;
    const positions = height * width;
    const values = Float32Array.from({ length: positions }, (_, at) => {
      let sum = 0;
      for (let scale = 0; scale < this.#scales; scale++) sum += this.#smallest.mean(scale * positions + at);
      return sum / this.#scales;
    });
    return { values, height, width };
  }
}

/**
 * Mutual scoring of images whose features fit into memory. Each pair of images is compared once, in both directions. Cost O(C) per
 * pair of patches of different images.
 *
 * @param set at least two images with equally many channels; their sizes may differ
 * @param which indices of the images to score
 * @throws PerchError `INVALID_ARGUMENT`, `INVALID_FEATURES`
 */
export async function mutualScores(
  set: readonly FeatureMap[],
  { fraction, ...scales }: MutualScales & { fraction: number },
  which: readonly number[],
  backend: ComputeBackend,
  execution: Execution,
): Promise<AnomalyMap[]> {
  if (set.length < 2) {
    throw new PerchError(
      'INVALID_ARGUMENT',
      'Mutual scoring compares images with each other. Give at least two.',
    );
  }
  const scores = new Map(
    which.map((at) => [at, new MutualScores(set[at], scaleCount(scales), set.length - 1, fraction)]),
  );
  const othersOf = (at: number) =>
    Array.from(set.keys()).filter((other) => other > at && (scores.has(at) || scores.has(other)));
  const total = set.reduce((sum, _, at) => sum + othersOf(at).length, 0);
  let compared = 0;
  for (const [at, image] of set.entries()) {
    const others = othersOf(at);
    if (others.length === 0) continue;
    const onProgress = (done: number) => execution.onProgress?.((compared + done * others.length) / total);
    const maps = others.map((other) => set[other]);
    const distances = await backend.mutualDistances(image, maps, scales, { ...execution, onProgress });
    for (const [i, { toOther, fromOther }] of distances.entries()) {
      scores.get(at)?.add(toOther);
      scores.get(others[i])?.add(fromOther);
    }
    compared += others.length;
  }
  return which.map((at) => (scores.get(at) as MutualScores).map());
}
