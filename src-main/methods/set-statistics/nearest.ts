import type { AnomalyMap } from '../../common/maps/anomaly-map.ts';
import type { ComputeBackend } from '../backend/compute-backend.ts';
import type { Patches } from '../patchcore/patches.ts';
import type { Execution, FeatureMap } from '../types.ts';
import { rowsOf } from './rows-of.ts';

/** Each row scaled to unit length. A row of zeros remains zero. */
export function unitRows({ values, count, length }: Patches): Patches {
  const scaled = new Float32Array(values.length);
  for (let row = 0; row < count; row++) {
    const [start, end] = [row * length, (row + 1) * length];
    let sum = 0;
    for (let i = start; i < end; i++) sum += values[i] ** 2;
    const scale = sum > 0 ? 1 / Math.sqrt(sum) : 0;
    for (let i = start; i < end; i++) scaled[i] = values[i] * scale;
  }
  return { values: scaled, count, length };
}

/**
 * AnomalyDINO (Damm et al., WACV 2025): one minus the cosine similarity of each position's features to the nearest ones of normal
 * images, computed as half the squared distance of unit vectors.
 *
 * @param memory the features of all positions of the normal images, as unit rows
 */
export async function nearestScores(
  features: FeatureMap,
  memory: Patches,
  backend: ComputeBackend,
  execution: Execution,
): Promise<AnomalyMap> {
  const distances = await backend.nearestDistances(unitRows(rowsOf(features)), memory, execution);
  const { height, width } = features;
  return { values: distances.map((distance) => distance ** 2 / 2), height, width };
}

/** Fraction of the positions whose scores make the score of an image, as published. */
const HIGHEST = 0.01;

/** AnomalyDINO's score of an image: the mean of the highest 1 % of the scores of its positions, of at least one. */
export function nearestImageScore({ values }: AnomalyMap): number {
  const highest = values.toSorted().subarray(-Math.max(1, Math.floor(HIGHEST * values.length)));
  return highest.reduce((sum, value) => sum + value, 0) / highest.length;
}
