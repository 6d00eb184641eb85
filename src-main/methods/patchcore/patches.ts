import type { Extraction } from '../extractors/extractor.ts';
import type { FeatureMap } from '../types.ts';

/** Feature vectors as rows of a matrix: `count` x `length`. */
export interface Patches {
  values: Float32Array<ArrayBuffer>;
  count: number;
  length: number;
}

/** Side of the aggregated neighborhood in positions. */
export const NEIGHBORHOOD = 3;
const RADIUS = (NEIGHBORHOOD - 1) / 2;

/**
 * Locally aware patch features (Roth et al., Towards Total Recall in Industrial Anomaly Detection, 2022, section 3.1): the
 * vector of a position is the mean over the part of its 3 x 3 neighborhood inside the map. Cost O(C H W).
 *
 * @returns H W vectors of length C, row-major
 */
export function aggregateNeighborhood({ values, channels, height, width }: FeatureMap): Patches {
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
          const rowStart = (c * height + row) * width;
          for (let column = left; column <= right; column++) sum += values[rowStart + column];
        }
        patches[start + c] = sum / size;
      }
    }
  }
  return { values: patches, count, length: channels };
}

/** The vectors that PatchCore compares: one per position, aggregated here unless the extractor did it. */
export function patchVectors({ features, aggregated }: Pick<Extraction, 'features' | 'aggregated'>): Patches {
  return aggregated ? positionVectors(features) : aggregateNeighborhood(features);
}

/** The vectors of positions, without their neighborhoods: H W rows of length C. */
function positionVectors({ values, channels, height, width }: FeatureMap): Patches {
  const count = height * width;
  const rows = new Float32Array(count * channels);
  for (let c = 0; c < channels; c++) {
    const plane = values.subarray(c * count, (c + 1) * count);
    for (let i = 0; i < count; i++) rows[i * channels + c] = plane[i];
  }
  return { values: rows, count, length: channels };
}

/** The rows at the given indices, in the same order. */
export function gatherRows({ values, length }: Patches, indices: ArrayLike<number>): Patches {
  const rows = new Float32Array(indices.length * length);
  for (let i = 0; i < indices.length; i++) {
    rows.set(values.subarray(indices[i] * length, (indices[i] + 1) * length), i * length);
  }
  return { values: rows, count: indices.length, length };
}

/** The rows of several matrices, in order. @param matrices at least one, with equal row lengths */
export function concatRows(matrices: readonly Patches[]): Patches {
  const { length } = matrices[0];
  const count = matrices.reduce((sum, matrix) => sum + matrix.count, 0);
  const values = new Float32Array(count * length);
  let offset = 0;
  for (const matrix of matrices) {
    values.set(matrix.values, offset);
    offset += matrix.values.length;
  }
  return { values, count, length };
}
