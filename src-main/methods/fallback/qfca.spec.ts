import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mulberry32 } from '../prng.ts';
import type { FeatureMap } from '../types.ts';
import { defaultBackend } from '../backend/default-backend.ts';

const execution = { threads: 2 };
const PATCH = 9;

function featuresOf(seed: number, [channels, height, width]: [number, number, number]): FeatureMap {
  const values = Float32Array.from({ length: channels * height * width }, mulberry32(seed));
  return { values, channels, height, width };
}

async function mapOf(features: FeatureMap, levels: number, reference?: Float32Array): Promise<Float32Array> {
  const lists = reference ?? (await defaultBackend.medianReference(features, PATCH, execution));
  const parameters = { patchSize: PATCH, sigmaP: 3, sigmaS: 1, levels };
  return defaultBackend.qfca(features, lists, parameters, execution);
}

/** Largest difference as a fraction of the expected range. */
function deviation(actual: Float32Array, expected: Float32Array): number {
  const range = Math.max(...expected) - Math.min(...expected);
  return Math.max(...actual.map((value, at) => Math.abs(value - expected[at]))) / range;
}

const shape = fc.tuple(
  fc.integer({ min: 1, max: 5 }),
  fc.integer({ min: 9, max: 40 }),
  fc.integer({ min: 9, max: 40 }),
);

describe('quantized FCA', () => {
  it('of a constant image is zero', () =>
    fc.assert(
      fc.asyncProperty(shape, fc.float({ min: -100, max: 100, noNaN: true }), async ([c, h, w], value) => {
        const features = {
          values: new Float32Array(c * h * w).fill(value),
          channels: c,
          height: h,
          width: w,
        };
        expect(Math.max(...(await mapOf(features, 96)))).toBe(0);
      }),
      { numRuns: 20 },
    ));

  it('does not depend on the order of channels', () =>
    fc.assert(
      fc.asyncProperty(shape, fc.integer({ min: 1, max: 1e6 }), async (size, seed) => {
        const features = featuresOf(seed, size);
        const plane = size[1] * size[2];
        const reversed = features.values.map(
          (_, at) => features.values[(size[0] - 1 - Math.floor(at / plane)) * plane + (at % plane)],
        );
        const expected = await mapOf(features, 20);
        expect(deviation(await mapOf({ ...features, values: reversed }, 20), expected)).toBeLessThan(1e-5);
      }),
      { numRuns: 20 },
    ));

  it('is closer to FCA with more levels', async () => {
    const features = featuresOf(3, [8, 60, 70]);
    const reference = await defaultBackend.medianReference(features, PATCH, execution);
    // No weight on the border of the patch, where the smoothing differs.
    const parameters = { patchSize: PATCH, sigmaP: 1, sigmaS: 0.5 };
    const exact = await defaultBackend.fca(features, reference, parameters, execution);
    const deviations: number[] = [];
    for (const levels of [4, 16, 64, 128]) {
      const map = await defaultBackend.qfca(features, reference, { ...parameters, levels }, execution);
      deviations.push(deviation(map, exact));
    }
    expect(deviations).toEqual(deviations.toSorted((a, b) => b - a));
    expect(deviations[0]).toBeGreaterThan(0.3);
    expect(deviations[3]).toBeLessThan(0.1);
  });

  it('keeps the error of nearly equal values that are matched with values on both sides', async () => {
    const side = 40;
    // All values but two are in one level.
    const values = featuresOf(7, [8, side, side]).values.map((value) => 0.505 + value / 1000);
    for (let at = 0; at < values.length; at += side ** 2) [values[at], values[at + side ** 2 - 1]] = [0, 1];
    const features = { values, channels: 8, height: side, width: side };
    const ranks = PATCH ** 2;
    const reference = Float32Array.from({ length: 8 * ranks }, (_, at) => ((at % ranks) + 0.5) / ranks);
    const parameters = { patchSize: PATCH, sigmaP: 3, sigmaS: 1, levels: 100 };
    const center = (map: Float32Array) => map[(side / 2) * side + side / 2];
    const exact = center(await defaultBackend.fca(features, reference, parameters, execution));
    const found = center(await defaultBackend.qfca(features, reference, parameters, execution));
    expect(exact).toBeGreaterThan(0.01);
    expect(found / exact).toBeCloseTo(1, 1);
  });

  it('does not depend on threads and tiles', async () => {
    const features = featuresOf(5, [3, 70, 300]);
    const reference = await defaultBackend.medianReference(features, PATCH, execution);
    const parameters = { patchSize: PATCH, sigmaP: 3, sigmaS: 1, levels: 40 };
    const one = await defaultBackend.qfca(features, reference, parameters, { threads: 1 });
    const four = await defaultBackend.qfca(features, reference, parameters, { threads: 4 });
    expect(four).toEqual(one);
  });

  it.each([1, 129, 2.5])('refuses %d levels', async (levels) => {
    await expect(mapOf(featuresOf(1, [1, 12, 12]), levels)).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
    });
  });
});
