import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ComputeBackend } from './compute-backend.ts';
import { fallbackBackend } from './fallback-backend.ts';
import { loadNativeBackend, nativeWarning } from './native-backend.ts';
import type { Execution, FeatureMap, Isa } from '../types.ts';
import { wasmBackend } from './wasm/wasm-backend.ts';

const native = loadNativeBackend();

/** A seeded stream of numbers in [0, 1): Park and Miller's generator. */
function randomStream(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 48271) % 2147483647) / 2147483647;
}

function featuresOf(
  [channels, height, width]: readonly [number, number, number],
  valueAt: (random: () => number, at: number) => number,
): FeatureMap {
  const random = randomStream(7);
  const values = Float32Array.from({ length: channels * height * width }, (_, at) => valueAt(random, at));
  return { values, channels, height, width };
}

const uniform = (random: () => number) => random();

/** Evenly spaced, distinct values in [0, 1) in random order. */
function distinctValues(count: number, seed: number): Float32Array {
  const keys = Array.from({ length: count }, randomStream(seed));
  const order = Array.from(keys.keys()).sort((a, b) => keys[a] - keys[b]);
  const values = new Float32Array(count);
  order.forEach((at, rank) => (values[at] = rank / count));
  return values;
}

/** Largest difference as a fraction of the expected range, or absolute if the range is zero. */
function deviation(actual: Float32Array, expected: Float32Array): number {
  expect(actual.length).toBe(expected.length);
  let [low, high, largest] = [Infinity, -Infinity, 0];
  for (let i = 0; i < expected.length; i++) {
    low = Math.min(low, expected[i]);
    high = Math.max(high, expected[i]);
    largest = Math.max(largest, Math.abs(actual[i] - expected[i]));
  }
  return high > low ? largest / (high - low) : largest;
}

/** Converts -0 to 0, because sorting does not distinguish them. */
const unsigned = (values: Float32Array) => values.map((value) => value + 0);

async function mapsOf(
  backend: ComputeBackend,
  features: FeatureMap,
  patchSize: number,
  execution: Execution,
) {
  const reference = await backend.medianReference(features, patchSize, execution);
  return {
    reference,
    fca: await backend.fca(features, reference, { patchSize, sigmaP: 3, sigmaS: 1 }, execution),
    unsmoothed: await backend.fca(features, reference, { patchSize, sigmaP: 2, sigmaS: 0 }, execution),
    qfca: await backend.qfca(features, reference, { patchSize, sigmaP: 3, sigmaS: 1, levels: 96 }, execution),
    coarse: await backend.qfca(
      features,
      reference,
      { patchSize, sigmaP: 2, sigmaS: 0, levels: 7 },
      execution,
    ),
    sww: await backend.sww(features, reference, { patchSize, sigma: 6 }, execution),
  };
}

it('loads the module that was built', () => {
  expect(nativeWarning()).toBeUndefined();
});

const backends: [name: string, backend: ComputeBackend, isas: readonly Isa[]][] = [
  ...(native ? [['native', native, native.isas] as [string, ComputeBackend, readonly Isa[]]] : []),
  ['WebAssembly', wasmBackend, ['wasm']],
];

describe.each(backends)('the %s backend', (_, backend, isas) => {
  const cases: Record<string, [FeatureMap, number]> = {
    'random values': [featuresOf([6, 24, 24], uniform), 9],
    'three channels': [featuresOf([3, 20, 31], uniform), 9],
    'one channel': [featuresOf([1, 33, 27], uniform), 7],
    'an odd number of channels': [featuresOf([7, 18, 18], uniform), 5],
    'values of either sign and any size': [featuresOf([4, 21, 22], (r) => Math.tan(3 * (r() - 0.5))), 5],
    'signed zeros': [featuresOf([4, 15, 15], (r) => (r() < 0.4 ? -0 : r() < 0.5 ? 0 : r() - 0.5)), 5],
    'a constant map': [featuresOf([3, 20, 20], () => 0.25), 9],
    'constant channels of different levels': [featuresOf([3, 15, 15], (_, at) => Math.floor(at / 225)), 5],
    'few levels': [featuresOf([8, 26, 22], (r) => Math.floor(4 * r()) / 4), 9],
    'half of the values exactly zero': [featuresOf([5, 20, 23], (r) => Math.max(0, r() - 0.5)), 7],
    'a map of one patch': [featuresOf([4, 9, 9], uniform), 9],
    'the smallest patch': [featuresOf([4, 3, 8], uniform), 3],
    'T = 11': [featuresOf([4, 20, 16], uniform), 11],
    'T = 13': [featuresOf([4, 16, 20], uniform), 13],
    'T = 15': [featuresOf([4, 24, 17], uniform), 15],
    'T = 17': [featuresOf([2, 20, 23], uniform), 17],
    'T = 25': [featuresOf([2, 30, 26], uniform), 25],
    'T = 31': [featuresOf([2, 31, 33], uniform), 31],
    'a map higher than a tile': [featuresOf([2, 290, 12], uniform), 5],
    'a map wider than a tile': [featuresOf([2, 12, 290], uniform), 5],
  };

  describe.each(Object.entries(cases))('given %s', (_, [features, patchSize]) => {
    const expected = mapsOf(fallbackBackend, features, patchSize, { threads: 1 });

    it.each(isas)('computes the same as the TypeScript definition, by %s', async (isa) => {
      const definition = await expected;
      const maps = await mapsOf(backend, features, patchSize, { threads: 2, isa });
      expect(unsigned(maps.reference)).toEqual(unsigned(definition.reference));
      expect(deviation(maps.fca, definition.fca)).toBeLessThan(1e-5);
      expect(deviation(maps.qfca, definition.qfca)).toBeLessThan(1e-5);
      expect(deviation(maps.coarse, definition.coarse)).toBeLessThan(1e-5);
      expect(deviation(maps.unsmoothed, definition.unsmoothed)).toBeLessThan(1e-5);
      expect(deviation(maps.sww, definition.sww)).toBeLessThan(1e-5);
    });
  });

  describe.each(isas)('by %s', (isa) => {
    const execution = { threads: 2, isa };

    it('uses references only from the listed tiles, like the TypeScript definitions', async () => {
      const features = featuresOf([3, 41, 52], uniform);
      const count = Math.floor(41 / 5) * Math.floor(52 / 5);
      const all = Uint32Array.from({ length: count }, (_, at) => at);
      for (const name of ['medianReference', 'meanReference'] as const) {
        const whole = await backend[name](features, 5, execution);
        expect(await backend[name](features, 5, execution, all)).toEqual(whole);
        for (const share of [0.01, 0.1, 0.5]) {
          const random = randomStream(5);
          const tiles = all.filter((tile) => tile === 3 || random() < share);
          const listed = await backend[name](features, 5, execution, tiles);
          expect(listed).toEqual(await fallbackBackend[name](features, 5, { threads: 1 }, tiles));
          expect(listed).not.toEqual(whole);
        }
      }
    });

    it.each([
      [Uint32Array.of(), /tiles must not be empty/],
      [Uint32Array.of(1, 80), /Tile 80 is outside the map, which has 80 tiles/],
      [Uint32Array.of(2, 1), /The numbers of the tiles must ascend/],
    ])('rejects the tiles %o', async (tiles, message) => {
      const features = featuresOf([1, 41, 52], uniform);
      await expect(backend.medianReference(features, 5, execution, tiles)).rejects.toThrow(message);
    });

    it('gives bitwise identical results for every number of threads', async () => {
      const features = featuresOf([9, 70, 90], (r) => Math.max(0, r() - 0.3));
      const one = await mapsOf(backend, features, 9, { threads: 1, isa });
      for (const threads of [2, 3]) expect(await mapsOf(backend, features, 9, { threads, isa })).toEqual(one);
    });

    it.each([
      [NaN, 'NaN'],
      [-Infinity, '-Infinity'],
    ])('rejects %d in the features and names its position', async (value, name) => {
      const features = featuresOf([4, 12, 10], uniform);
      features.values[2 * 120 + 7 * 10 + 3] = value;
      const refusal = {
        code: 'INVALID_FEATURES',
        message: `The features are not finite: ${name} in channel 2, row 7, column 3.`,
      };
      await expect(backend.medianReference(features, 5, execution)).rejects.toMatchObject(refusal);
      const reference = new Float32Array(4 * 25);
      await expect(
        backend.sww(features, reference, { patchSize: 5, sigma: 6 }, execution),
      ).rejects.toMatchObject(refusal);
    });

    it('stops on abort and rejects with the reason', async () => {
      const features = featuresOf([96, 96, 96], uniform);
      const reference = await backend.medianReference(features, 15, execution);
      const controller = new AbortController();
      const reason = new Error('enough');
      const parameters = { patchSize: 15, sigmaP: 3, sigmaS: 1 };
      const onProgress = () => controller.abort(reason);
      const map = backend.fca(features, reference, parameters, {
        ...execution,
        signal: controller.signal,
        onProgress,
      });
      await expect(map).rejects.toBe(reason);
    });

    it('reports ascending progress', async () => {
      const features = featuresOf([64, 64, 64], uniform);
      const fractions: number[] = [];
      const reference = await backend.medianReference(features, 9, execution);
      await backend.fca(
        features,
        reference,
        { patchSize: 9, sigmaP: 3, sigmaS: 1 },
        { ...execution, onProgress: (fraction) => fractions.push(fraction) },
      );
      expect(fractions.length).toBeGreaterThan(0);
      expect(fractions).toEqual(fractions.toSorted((a, b) => a - b));
      expect(fractions.every((fraction) => fraction > 0 && fraction <= 1)).toBe(true);
    });

    const shapes = fc.record({
      channels: fc.integer({ min: 1, max: 6 }),
      height: fc.integer({ min: 3, max: 5 }).map((tiles) => 5 * tiles),
      width: fc.integer({ min: 3, max: 5 }).map((tiles) => 5 * tiles),
      seed: fc.integer({ min: 1, max: 1e6 }),
    });

    /** Checks how maps with T = 5 change when the features are rearranged. */
    const holds = (
      law: (features: FeatureMap) => { changed: FeatureMap; back: (map: FeatureMap) => FeatureMap },
    ) =>
      fc.assert(
        fc.asyncProperty(shapes, async ({ channels, height, width, seed }) => {
          const values = distinctValues(channels * height * width, seed);
          const features = { values, channels, height, width };
          const { changed, back } = law(features);
          const [a, b] = [
            await mapsOf(backend, features, 5, execution),
            await mapsOf(backend, changed, 5, execution),
          ];
          for (const statistic of ['fca', 'sww'] as const) {
            const expected = { values: a[statistic], channels: 1, height, width };
            const actual = back({ ...changed, values: b[statistic], channels: 1 });
            expect(deviation(interior(actual), interior(expected))).toBeLessThan(1e-5);
          }
        }),
        { numRuns: 25 },
      );

    it('does not depend on the order of channels', () =>
      holds((features) => ({
        changed: rearranged(features, (c, y, x) => [features.channels - 1 - c, y, x]),
        back: (map) => map,
      })));

    it('does not depend on a constant added to a channel', () =>
      holds((features) => {
        const plane = features.height * features.width;
        const values = features.values.map((value, at) => value + (at < plane ? 0.5 : 0));
        return { changed: { ...features, values }, back: (map) => map };
      }));

    it('mirrors with the features', () =>
      holds((features) => {
        const mirror = (map: FeatureMap) => rearranged(map, (c, y, x) => [c, y, map.width - 1 - x]);
        return { changed: mirror(features), back: mirror };
      }));

    it('transposes with the features', () =>
      holds((features) => ({ changed: transposed(features), back: transposed })));
  });

  it.each([
    [
      'an even patch size',
      { patchSize: 4 },
      'parameters.patchSize is 4; it must be an odd integer from 3 to 31.',
    ],
    [
      'a patch size above 31',
      { patchSize: 33 },
      'parameters.patchSize is 33; it must be an odd integer from 3 to 31.',
    ],
    ['a patch larger than the map', { patchSize: 13 }, 'smaller than the patch'],
    [
      'a fractional patch size',
      { patchSize: 5.5 },
      'parameters.patchSize is 5.5; it must be an odd integer from 3 to 31.',
    ],
    [
      'a reference for another patch size',
      { patchSize: 7 },
      'The reference has 100 values; 4 channels of 49 are needed.',
    ],
    [
      'a standard deviation of zero',
      { sigmaP: 0 },
      'parameters.sigmaP is 0; it must be a finite number above zero.',
    ],
    [
      'a standard deviation of NaN',
      { sigmaS: NaN },
      'parameters.sigmaS is NaN; it must be a finite number above zero or zero.',
    ],
  ])('rejects %s', async (_, invalid, message) => {
    const features = featuresOf([4, 12, 12], uniform);
    const parameters = { patchSize: 5, sigmaP: 3, sigmaS: 1, ...invalid };
    await expect(
      backend.fca(features, new Float32Array(100), parameters, { threads: 1 }),
    ).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
      message: expect.stringContaining(message) as string,
    });
  });

  it('rejects features whose number of values is not channels x height x width', async () => {
    const features = { ...featuresOf([4, 12, 12], uniform), width: 13 };
    await expect(backend.medianReference(features, 5, { threads: 1 })).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
      message: 'features.values has 576 elements, not 4 x 12 x 13.',
    });
  });

  it('rejects a reference that does not ascend', async () => {
    const features = featuresOf([1, 12, 12], uniform);
    const reference = Float32Array.from({ length: 25 }, (_, rank) => -rank);
    await expect(
      backend.sww(features, reference, { patchSize: 5, sigma: 6 }, { threads: 1 }),
    ).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
  });

  it.each([0, 1025, 1.5])('rejects %d threads', async (threads) => {
    const features = featuresOf([1, 12, 12], uniform);
    await expect(backend.medianReference(features, 5, { threads })).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
      message: `execution.threads is ${threads}; it must be an integer from 1 to 1024.`,
    });
  });

  it('agrees with the TypeScript definition for a standard deviation whose square underflows', async () => {
    const features = featuresOf([2, 12, 12], uniform);
    const reference = await fallbackBackend.medianReference(features, 5, { threads: 1 });
    const parameters = { patchSize: 5, sigma: 1e-200 };
    const expected = await fallbackBackend.sww(features, reference, parameters, { threads: 1 });
    const actual = await backend.sww(features, reference, parameters, { threads: 1 });
    expect(expected.every(Number.isFinite)).toBe(true);
    expect(deviation(actual, expected)).toBeLessThan(1e-5);
  });

  it('rejects features whose powers overflow', async () => {
    const features = featuresOf([2, 9, 9], (random) => 1e12 * random());
    const nearest = { kind: 'nearest', k: 3 } as const;
    await expect(
      backend.moments(features, nearest, { patchSize: 3, sigma: 1 }, { threads: 1 }),
    ).rejects.toMatchObject({
      code: 'INVALID_FEATURES',
      message: 'The features of channel 0 are too large for this statistic.',
    });
  });

  it('rejects with the error of a progress callback and stops', async () => {
    const features = featuresOf([96, 96, 96], uniform);
    const reason = new Error('enough');
    const onProgress = () => {
      throw reason;
    };
    await expect(backend.medianReference(features, 15, { threads: 1, onProgress })).rejects.toBe(reason);
  });
});

/** A map whose value at (c, y, x) is that of the given map at `source(c, y, x)`. */
function rearranged(
  { values, channels, height, width }: FeatureMap,
  source: (c: number, y: number, x: number) => [number, number, number],
  [newHeight, newWidth] = [height, width],
): FeatureMap {
  const moved = Float32Array.from(values, (_, at) => {
    const column = at % newWidth;
    const row = Math.floor(at / newWidth) % newHeight;
    const [c, y, x] = source(Math.floor(at / (newHeight * newWidth)), row, column);
    return values[(c * height + y) * width + x];
  });
  return { values: moved, channels, height: newHeight, width: newWidth };
}

const transposed = (map: FeatureMap) => rearranged(map, (c, y, x) => [c, x, y], [map.width, map.height]);

/**
 * The part of a map, T = 5, to which no patch with reflected values contributes. A value and its reflection
 * are tied, and ties rank in raster order, which mirroring changes.
 */
function interior({ values, height, width }: FeatureMap): Float32Array {
  const inside = (at: number, length: number) => at >= 4 && at < length - 4;
  return values.filter((_, at) => inside(Math.floor(at / width), height) && inside(at % width, width));
}
