import type { FeatureMap } from '../types.ts';

/** Feature vectors in rows: `count` x `length`. */
export interface Patches {
  values: Float32Array<ArrayBuffer>;
  count: number;
  length: number;
}

/** Half the side of the neighbourhood: 3 x 3. */
const RADIUS = 1;

/**
 * Locally aware patch features (Roth et al., Towards Total Recall in Industrial Anomaly Detection, 2022, 3.1): the vector of
 * a position is the mean over its 3 x 3 neighbourhood, of what lies inside the map. Cost O(C H W).
 *
 * @returns H W vectors of length C, row by row
 */
export function locallyAware({ values, channels, height, width }: FeatureMap): Patches {
  const count = height * width;
  const patches = new Float32Array(count * channels);
  for (let y = 0; y < height; y++) {
    const [top, bottom] = [Math.max(0, y - RADIUS), Math.min(height - 1, y + RADIUS)];
    for (let x = 0; x < width; x++) {
      const [left, right] = [Math.max(0, x - RADIUS), Math.min(width - 1, x + RADIUS)];
      const size = (bottom - top + 1) * (right - left + 1);
      const start = (y * width + x) * channels;
      for (let c = 0; c < channels; c++) {
        let sum = 0;
        for (let row = top; row <= bottom; row++) {
          const at = (c * height + row) * width;
          for (let column = left; column <= right; column++) sum += values[at + column];
        }
        patches[start + c] = sum / size;
      }
    }
  }
  return { values: patches, count, length: channels };
}

/** Some of the vectors, in the order given. */
export function pick({ values, length }: Patches, indices: ArrayLike<number>): Patches {
  const picked = new Float32Array(indices.length * length);
  for (let i = 0; i < indices.length; i++) {
    picked.set(values.subarray(indices[i] * length, (indices[i] + 1) * length), i * length);
  }
  return { values: picked, count: indices.length, length };
}

/** The vectors of several sets in one, in order. */
export function together(sets: readonly Patches[]): Patches {
  const count = sets.reduce((sum, set) => sum + set.count, 0);
  const values = new Float32Array(count * sets[0].length);
  let at = 0;
  for (const set of sets) {
    values.set(set.values, at);
    at += set.values.length;
  }
  return { values, count, length: sets[0].length };
}
