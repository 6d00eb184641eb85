import { readFile } from 'node:fs/promises';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readNpy } from '../../common/maps/npy.ts';
import { goldenPath } from '../../test/golden.ts';
import { fallbackBackend } from '../backend/fallback-backend.ts';
import { loadNativeBackend } from '../backend/native-backend.ts';
import { wasmBackend } from '../backend/wasm/wasm-backend.ts';
import { concatRows } from '../patchcore/patches.ts';
import { mulberry32 } from '../prng.ts';
import type { FeatureMap } from '../types.ts';
import { mutualScores, neighborhoodSides } from './mutual.ts';
import { nearestImageScore, nearestScores, unitRows } from './nearest.ts';
import { comparisonParameters } from './registry.ts';
import { rowsOf } from './rows-of.ts';
import { SmallestValues } from './smallest-values.ts';
import { buildSubspace, CovarianceSum, subspaceScores } from './subspace.ts';

const execution = { threads: 2 };
const native = loadNativeBackend();
const backends = [
  ['fallback', fallbackBackend] as const,
  ['WebAssembly', wasmBackend] as const,
  ...(native ? [['native', native] as const] : []),
];

const read = async (name: string) => readNpy(await readFile(goldenPath(`set.${name}.npy`)));
const tokens = await read('tokens');
const [count, channels, height, width] = tokens.shape;
const set: FeatureMap[] = Array.from({ length: count }, (_, at) => {
  const size = channels * height * width;
  return { values: tokens.values.subarray(at * size, (at + 1) * size), channels, height, width };
});
const normal = [0, 1, 3, 4, 5, 6].map((at) => set[at]);
const all = Array.from(set.keys());

/** Largest difference from the golden maps as a fraction of their range. */
async function deviation(maps: readonly { values: Float32Array }[], golden: string): Promise<number> {
  const { values } = await read(golden);
  const actual = maps.flatMap((map) => Array.from(map.values));
  expect(actual).toHaveLength(values.length);
  const largest = Math.max(...actual.map((value, at) => Math.abs(value - values[at])));
  return largest / (Math.max(...values) - Math.min(...values));
}

describe.each(backends)('the golden maps of a set, by the %s backend', (_, backend) => {
  it('are matched by mutual scoring', async () => {
    const maps = await mutualScores(set, { sides: [1], layers: 1, fraction: 0.3 }, all, backend, execution);
    expect(await deviation(maps, 'musc')).toBeLessThan(1e-6);
  });

  it('are matched by the nearest normal patch', async () => {
    const memory = concatRows(normal.map((image) => unitRows(rowsOf(image))));
    const maps = await Promise.all(set.map((image) => nearestScores(image, memory, backend, execution)));
    expect(await deviation(maps, 'nearest-cosine')).toBeLessThan(1e-6);
  });

  it('are matched by the subspace residual, with 19 components', async () => {
    const sum = new CovarianceSum(channels);
    for (const image of normal) await sum.add(image, execution);
    const subspace = await buildSubspace(sum, 0.99, execution);
    expect(subspace.components).toBe(19);
    const maps = await Promise.all(set.map((image) => subspaceScores(image, subspace, backend, execution)));
    expect(await deviation(maps, 'subspace')).toBeLessThan(1e-6);
  });
});

function randomMap(seed: number, [channels, height, width]: readonly [number, number, number]): FeatureMap {
  const values = Float32Array.from({ length: channels * height * width }, mulberry32(seed));
  return { values, channels, height, width };
}

describe.each(backends)('mutual scoring by the %s backend', (_, backend) => {
  const images = [1, 2, 3, 4].map((seed) => randomMap(seed, [4, 5, 6]));
  const scales = { sides: [1, 3], layers: 2, fraction: 0.5 };

  it('averages over sides and layers', async () => {
    const [whole] = await mutualScores(images, scales, [2], backend, execution);
    const parts: Float32Array[] = [];
    for (const side of [1, 3]) {
      for (const layer of [0, 1]) {
        const halves = images.map((map) => ({
          ...map,
          channels: 2,
          values: map.values.slice(layer * 60, (layer + 1) * 60),
        }));
        const one = { sides: [side], layers: 1, fraction: 0.5 };
        parts.push((await mutualScores(halves, one, [2], backend, execution))[0].values);
      }
    }
    whole.values.forEach((value, at) =>
      expect(value).toBeCloseTo(parts.reduce((sum, part) => sum + part[at], 0) / 4, 5),
    );
  });

  it('scores chosen images as if it scored all, in the given order', async () => {
    const every = await mutualScores(images, scales, [0, 1, 2, 3], backend, execution);
    expect(await mutualScores(images, scales, [3, 1], backend, execution)).toEqual([every[3], every[1]]);
  });

  it('scores an image with a copy in the set zero', async () => {
    const [first, second] = await mutualScores(
      [images[0], images[0], images[1]],
      { sides: [1, 3, 5], layers: 1, fraction: 0.3 },
      [0, 2],
      backend,
      execution,
    );
    expect(Math.max(...first.values)).toBe(0);
    expect(Math.min(...second.values)).toBeGreaterThan(0);
  });

  it('compares images of different sizes, and refuses different numbers of channels', async () => {
    const small = randomMap(9, [4, 2, 3]);
    const maps = await mutualScores([images[0], small], scales, [0, 1], backend, execution);
    expect(maps.map(({ height, width }) => [height, width])).toEqual([
      [5, 6],
      [2, 3],
    ]);
    const other = randomMap(9, [2, 5, 6]);
    await expect(mutualScores([images[0], other], scales, [0], backend, execution)).rejects.toThrow(
      /channels/,
    );
    await expect(mutualScores([images[0]], scales, [0], backend, execution)).rejects.toThrow(/at least two/);
  });

  it('reports ascending progress up to 1', async () => {
    const fractions: number[] = [];
    await mutualScores(images, scales, [0, 1, 2, 3], backend, {
      threads: 2,
      onProgress: (fraction) => fractions.push(fraction),
    });
    expect(fractions).toEqual(fractions.toSorted((a, b) => a - b));
    expect(fractions.at(-1)).toBeGreaterThan(0.8);
    expect(fractions.at(-1)).toBeLessThanOrEqual(1);
  });
});

describe('the smallest values', () => {
  it('are kept, and averaged', () => {
    fc.assert(
      fc.property(
        fc.array(fc.float({ noNaN: true, min: 0, max: 9 }), { minLength: 1 }),
        fc.integer({ min: 1, max: 9 }),
        (values, kept) => {
          const smallest = new SmallestValues(2, kept);
          for (const value of values) smallest.add(1, value);
          const expected = values.toSorted((a, b) => a - b).slice(0, kept);
          expect(smallest.mean(1)).toBeCloseTo(expected.reduce((a, b) => a + b, 0) / expected.length, 9);
          expect(smallest.mean(0)).toBeNaN();
        },
      ),
    );
  });
});

describe('the subspace', () => {
  it('scores only the distance from the mean if the normal features are constant', async () => {
    const constant = { values: new Float32Array(12).fill(2), channels: 3, height: 2, width: 2 };
    const sum = new CovarianceSum(3);
    await sum.add(constant, execution);
    const subspace = await buildSubspace(sum, 0.99, execution);
    expect(subspace.components).toBe(0);
    const features = { values: Float32Array.of(2, 4, 5), channels: 3, height: 1, width: 1 };
    const { values } = await subspaceScores(features, subspace, fallbackBackend, execution);
    expect(values[0]).toBeCloseTo(0 + 4 + 9, 5);
  });

  it('finds the same components however the features are split into images', async () => {
    const whole = randomMap(5, [3, 30, 50]);
    const halves = [0, 1].map((half) => ({
      channels: 3,
      height: 15,
      width: 50,
      values: Float32Array.from({ length: 3 * 750 }, (_, at) => {
        const c = Math.floor(at / 750);
        return whole.values[c * 1500 + half * 750 + (at % 750)];
      }),
    }));
    const [one, two] = [new CovarianceSum(3), new CovarianceSum(3)];
    await one.add(whole, execution);
    for (const half of halves) await two.add(half, execution);
    const [a, b] = [one.finish(), two.finish()];
    a.covariance.forEach((value, at) => expect(b.covariance[at]).toBeCloseTo(value, 12));
    a.mean.forEach((value, at) => expect(b.mean[at]).toBeCloseTo(value, 12));
  });
});

describe('the parameters of comparisons', () => {
  it('have the defaults of the documentation', () => {
    expect(comparisonParameters('nearest')).toEqual({ rotations: 1 });
    expect(comparisonParameters('subspace')).toEqual({ variance: 0.99 });
    expect(comparisonParameters('mutual')).toEqual({ neighborhoods: 1, fraction: 0.3 });
    expect(neighborhoodSides(1)).toEqual([1]);
    expect(neighborhoodSides(5)).toEqual([1, 3, 5]);
  });

  it.each([
    ['mutual', { neighborhoods: 4 }, /"mutual" rejects neighborhoods: must be odd/],
    ['mutual', { fraction: 0 }, /fraction/],
    ['nearest', { rotations: 3 }, /must be 1 or 8/],
    ['subspace', { variance: 1.5 }, /variance/],
    ['subspace', { rotations: 1 }, /rotations/],
  ] as const)('refuse %s %j', (name, given, message) => {
    expect(() => comparisonParameters(name, given)).toThrow(message);
  });
});

describe('the image score of nearest', () => {
  const mapOf = (values: number[]) => ({
    values: Float32Array.from(values),
    width: values.length,
    height: 1,
  });

  it('is the mean of the highest 1 % of the scores', () => {
    const values = Array.from({ length: 250 }, (_, at) => (at * 37) % 250);
    expect(nearestImageScore(mapOf(values))).toBe(248.5);
  });

  it('is the highest score of a map of less than 200 positions', () => {
    expect(nearestImageScore(mapOf([1, 4, 2]))).toBe(4);
    expect(nearestImageScore(mapOf(Array.from({ length: 199 }, (_, at) => at)))).toBe(198);
  });
});
