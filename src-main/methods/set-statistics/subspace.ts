import { PerchError } from '../../common/api/errors.ts';
import type { AnomalyMap } from '../../common/maps/anomaly-map.ts';
import type { ComputeBackend } from '../backend/compute-backend.ts';
import { assertComparable } from '../fallback/feature-limit.ts';
import type { Patches } from '../patchcore/patches.ts';
import type { Execution, FeatureMap } from '../types.ts';
import { yieldAndCheck } from '../yield-and-check.ts';
import { symmetricEigen } from './symmetric-eigen.ts';

/** The principal components of normal features. */
export interface Subspace {
  mean: Float64Array;
  /** Number of components that explain the variance. */
  components: number;
  /** The directions outside them: orthonormal rows. */
  outside: Patches;
}

/** Positions that are multiplied together. */
const BLOCK = 1024;

/** Sums the covariance of features image by image. Memory 8 C^2 bytes. Cost O(C^2 H W) per image. */
export class CovarianceSum {
  readonly channels: number;
  #count = 0;
  /** Subtracted before products are summed, so that large means do not cost digits. */
  #shift: Float64Array | undefined;
  readonly #sums: Float64Array;
  readonly #products: Float64Array;

  constructor(channels: number) {
    this.channels = channels;
    this.#sums = new Float64Array(channels);
    this.#products = new Float64Array(channels * channels);
  }

  /** @throws PerchError `INVALID_ARGUMENT`, `INVALID_FEATURES` */
  async add({ values, channels, height, width }: FeatureMap, execution: Execution): Promise<void> {
    if (channels !== this.channels) {
      throw new PerchError(
        'INVALID_ARGUMENT',
        `The images have different numbers of channels: ${this.channels} and ${channels}.`,
      );
    }
    assertComparable(values);
    const positions = height * width;
    this.#shift ??= Float64Array.from({ length: channels }, (_, c) =>
      meanOf(values.subarray(c * positions, (c + 1) * positions)),
    );
    const block = new Float64Array(channels * BLOCK);
    for (let start = 0; start < positions; start += BLOCK) {
      await yieldAndCheck(execution, start / positions);
      const length = Math.min(BLOCK, positions - start);
      for (let c = 0; c < channels; c++) {
        for (let i = 0; i < length; i++)
          block[c * length + i] = values[c * positions + start + i] - this.#shift[c];
      }
      await this.#addBlock(block, length, execution, start / positions);
    }
    this.#count += positions;
  }

  /** The mean and the covariance over N - 1. */
  finish(): { mean: Float64Array; covariance: Float64Array } {
    const { channels } = this;
    const shift = this.#shift;
    if (shift === undefined) throw new PerchError('INVALID_ARGUMENT', 'There are no normal features.');
    const mean = this.#sums.map((sum) => sum / this.#count);
    const covariance = new Float64Array(channels * channels);
    for (let i = 0; i < channels; i++) {
      for (let j = 0; j <= i; j++) {
        const sum = this.#products[i * channels + j] - this.#count * mean[i] * mean[j];
        const value = sum / Math.max(1, this.#count - 1);
        covariance[i * channels + j] = value;
        covariance[j * channels + i] = value;
      }
    }
    return { mean: mean.map((value, c) => value + shift[c]), covariance };
  }

  async #addBlock(
    block: Float64Array,
    length: number,
    execution: Execution,
    fraction: number,
  ): Promise<void> {
    for (let i = 0; i < this.channels; i++) {
      if (i % 64 === 0) await yieldAndCheck(execution, fraction);
      const row = block.subarray(i * length, (i + 1) * length);
      for (let k = 0; k < length; k++) this.#sums[i] += row[k];
      for (let j = 0; j <= i; j++) {
        const other = j * length;
        let [sum0, sum1, sum2, sum3] = [0, 0, 0, 0];
        let k = 0;
        for (; k + 3 < length; k += 4) {
          sum0 += row[k] * block[other + k];
          sum1 += row[k + 1] * block[other + k + 1];
          sum2 += row[k + 2] * block[other + k + 2];
          sum3 += row[k + 3] * block[other + k + 3];
        }
        for (; k < length; k++) sum0 += row[k] * block[other + k];
        this.#products[i * this.channels + j] += sum0 + sum1 + (sum2 + sum3);
      }
    }
  }
}

/**
 * The fewest principal components that explain a fraction of the variance of normal features.
 *
 * @param variance the fraction, in (0, 1]
 */
export async function buildSubspace(
  normal: CovarianceSum,
  variance: number,
  execution: Execution,
): Promise<Subspace> {
  const { channels } = normal;
  const { mean, covariance } = normal.finish();
  const { values, vectors } = await symmetricEigen(covariance, channels, execution);
  // Rounding makes eigenvalues of zero slightly negative.
  const explained = values.toReversed().map((value) => Math.max(0, value));
  const total = explained.reduce((sum, value) => sum + value, 0);
  let components = 0;
  for (let sum = 0; components < channels && sum < variance * total; components++)
    sum += explained[components];
  const count = channels - components;
  const outside = Float32Array.from(vectors.subarray(0, count * channels));
  return { mean, components, outside: { values: outside, count, length: channels } };
}

/**
 * SubspaceAD (CVPR 2026): the squared length of the part of each position's features that the principal components of normal
 * features do not explain.
 */
export async function subspaceScores(
  features: FeatureMap,
  { mean, outside }: Subspace,
  backend: ComputeBackend,
  execution: Execution,
): Promise<AnomalyMap> {
  const values = await backend.residualEnergy(features, mean, outside, execution);
  return { values, height: features.height, width: features.width };
}

const meanOf = (values: Float32Array) => values.reduce((sum, value) => sum + value, 0) / values.length;
