import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { MutualScales } from '../fallback/mutual-distances.ts';
import { mulberry32 } from '../prng.ts';
import type { Patches } from '../patchcore/patches.ts';
import type { FeatureMap, Isa } from '../types.ts';
import type { ComputeBackend } from './compute-backend.ts';
import { wasmBackend } from './wasm/wasm-backend.ts';
import { fallbackBackend } from './fallback-backend.ts';
import { loadNativeBackend } from './native-backend.ts';

const native = loadNativeBackend();
const TOLERANCE = 1e-5;

function expectClose(actual: Float32Array, expected: Float32Array): void {
  expect(actual).toHaveLength(expected.length);
  // Means are rounded to float32, which counts in features of few channels, whose nearest patches are very near.
  const allowed = TOLERANCE * Math.max(0, ...expected) + 2e-7;
  expected.forEach((value, at) => expect(Math.abs(actual[at] - value)).toBeLessThanOrEqual(allowed));
}

/** Maps with few levels (many ties) or with any values, on an offset that cancellation would suffer from. */
function mapOf(
  seed: number,
  shape: readonly [number, number, number],
  levels: number,
  offset: number,
): FeatureMap {
  const random = mulberry32(seed);
  const [channels, height, width] = shape;
  const values = Float32Array.from({ length: channels * height * width }, () =>
    levels > 0 ? Math.floor(levels * random()) / levels + offset : random() + offset,
  );
  return { values, channels, height, width };
}

const side = fc.integer({ min: 1, max: 12 });
const cases = fc.record({
  layers: fc.integer({ min: 1, max: 3 }),
  width: fc.integer({ min: 1, max: 40 }),
  sizes: fc.array(fc.tuple(side, side), { minLength: 2, maxLength: 4 }),
  sides: fc.constantFrom([1], [1, 3], [1, 3, 5], [5], [3, 9]),
  levels: fc.constantFrom(0, 1, 2, 5),
  offset: fc.constantFrom(0, 0, 1),
  seed: fc.nat(),
});

const backends: [name: string, backend: ComputeBackend, isas: readonly Isa[]][] = [
  ...(native ? [['native', native, native.isas] as [string, ComputeBackend, readonly Isa[]]] : []),
  ['WebAssembly', wasmBackend, ['wasm']],
];

describe.each(backends)('comparisons with other images by the %s backend', (_, backend, isas) => {
  it.each(isas)('give the same mutual distances as the definition, by %s', async (isa) => {
    await fc.assert(
      fc.asyncProperty(cases, fc.integer({ min: 1, max: 3 }), async (c, threads) => {
        const [image, ...others] = c.sizes.map((size, at) =>
          mapOf(c.seed + at, [c.layers * c.width, ...size], c.levels, c.offset),
        );
        const scales: MutualScales = { sides: c.sides, layers: c.layers };
        const expected = await fallbackBackend.mutualDistances(image, others, scales, { threads: 1 });
        const actual = await backend.mutualDistances(image, others, scales, { threads, isa });
        expect(actual).toHaveLength(expected.length);
        expected.forEach(({ toOther, fromOther }, at) => {
          expectClose(actual[at].toOther, toOther);
          expectClose(actual[at].fromOther, fromOther);
        });
      }),
      { numRuns: 60 },
    );
  });

  it('give bitwise identical mutual distances for every number of threads', async () => {
    const images = [1, 2, 3].map((seed) => mapOf(seed, [9, 30, 41], 0, 0));
    const run = (count: number, threads: number) =>
      backend.mutualDistances(
        images[0],
        images.slice(1, 1 + count),
        { sides: [1, 3, 5], layers: 3 },
        { threads },
      );
    for (const count of [1, 2]) expect(await run(count, 5)).toEqual(await run(count, 1));
  });

  it('compare wide maps in bands', async () => {
    // The strips of a map this wide exceed the memory of a band.
    const [a, b] = [1, 2].map((seed) => mapOf(seed, [1, 8, 420], 0, 0));
    const scales = { sides: [1, 5], layers: 1 };
    const [expected] = await fallbackBackend.mutualDistances(a, [b], scales, { threads: 1 });
    const [actual] = await backend.mutualDistances(a, [b], scales, { threads: 1 });
    expectClose(actual.toOther, expected.toOther);
    expectClose(actual.fromOther, expected.fromOther);
  });

  it.each(isas)('give the same nearest distances as the definition, by %s', async (isa) => {
    const rows = (seed: number, count: number, length: number, levels: number): Patches => {
      const { values } = mapOf(seed, [1, count, length], levels, 0);
      return { values: values as Float32Array<ArrayBuffer>, count, length };
    };
    const sizes = fc.record({
      count: fc.integer({ min: 0, max: 70 }),
      memory: fc.oneof(fc.integer({ min: 1, max: 70 }), fc.integer({ min: 250, max: 600 })),
      length: fc.integer({ min: 1, max: 150 }),
      levels: fc.constantFrom(0, 2),
      seed: fc.nat(),
    });
    await fc.assert(
      fc.asyncProperty(sizes, async ({ count, memory, length, levels, seed }) => {
        const [a, b] = [rows(seed, count, length, levels), rows(seed + 1, memory, length, levels)];
        const expected = await fallbackBackend.nearestDistances(a, b, { threads: 1 });
        expectClose(await backend.nearestDistances(a, b, { threads: 2, isa }), expected);
      }),
      { numRuns: 40 },
    );
  });

  it.each(isas)('give the same residual energy as the definition, by %s', async (isa) => {
    const features = mapOf(3, [40, 9, 11], 0, 5);
    const mean = Float64Array.from({ length: 40 }, (_, c) => 5 + c / 80);
    const values = new Float32Array(3 * 40);
    for (let d = 0; d < 3; d++) values[d * 41] = 1;
    const directions = { values, count: 3, length: 40 };
    const expected = await fallbackBackend.residualEnergy(features, mean, directions, { threads: 1 });
    expectClose(await backend.residualEnergy(features, mean, directions, { threads: 2, isa }), expected);
    const none = { values: new Float32Array(), count: 0, length: 40 };
    expect(Math.max(...(await backend.residualEnergy(features, mean, none, { threads: 1, isa })))).toBe(0);
  });

  it('stop within milliseconds of an abort', async () => {
    const [a, b] = [1, 2].map((seed) => mapOf(seed, [64, 90, 90], 0, 0));
    const controller = new AbortController();
    let aborted = 0;
    const onProgress = () => {
      aborted ||= performance.now();
      controller.abort(new Error('enough'));
    };
    const scales = { sides: [1, 3], layers: 1 };
    const execution = { threads: 2, signal: controller.signal, onProgress };
    await expect(backend.mutualDistances(a, [b, b, b, b, b, b], scales, execution)).rejects.toThrow('enough');
    expect(performance.now() - aborted).toBeLessThan(500);
  });
});

describe.each([['fallback', fallbackBackend] as const, ...(native ? [['native', native] as const] : [])])(
  'the %s backend refuses',
  (_, backend) => {
    const image = mapOf(1, [4, 3, 3], 0, 0);
    const execution = { threads: 1 };
    const withValue = (value: number) => ({ ...image, values: image.values.with(5, value) });

    it.each([
      ['other channels', image, mapOf(1, [2, 3, 3], 0, 0), { sides: [1], layers: 1 }, /channels: 4 and 2/],
      ['layers that do not divide the channels', image, image, { sides: [1], layers: 3 }, /into 3 layers/],
      ['even sides', image, image, { sides: [2], layers: 1 }, /must be odd, ascending, 1 to 9/],
      ['sides in descending order', image, image, { sides: [3, 1], layers: 1 }, /ascending/],
      ['NaN', withValue(NaN), image, { sides: [1], layers: 1 }, /not finite: value 5/],
      ['enormous values', image, withValue(1e20), { sides: [1, 3], layers: 1 }, /too large: value 5/],
    ])('%s', async (__, a, b, scales, message) => {
      await expect(backend.mutualDistances(a, [b], scales, execution)).rejects.toThrow(message);
    });

    it('an empty memory and rows of another length', async () => {
      const rows = (count: number, length: number) => ({
        values: new Float32Array(count * length),
        count,
        length,
      });
      const of = (memory: Patches) => backend.nearestDistances(rows(2, 3), memory, execution);
      await expect(of(rows(0, 3))).rejects.toThrow('The memory has no rows.');
      await expect(of(rows(2, 4))).rejects.toThrow('The rows have 3 values, but those of the memory have 4.');
    });
  },
);
