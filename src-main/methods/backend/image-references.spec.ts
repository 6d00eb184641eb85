import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ComputeBackend } from './compute-backend.ts';
import { fallbackBackend } from './fallback-backend.ts';
import { loadNativeBackend } from './native-backend.ts';
import { mulberry32 } from '../prng.ts';
import type { DescriptorSelection, PatchSelection } from '../references/selection.ts';
import type { Execution, FeatureMap, Isa } from '../types.ts';
import { wasmBackend } from './wasm/wasm-backend.ts';

const native = loadNativeBackend();

function featuresOf(
  [channels, height, width]: readonly [number, number, number],
  valueAt: (random: () => number, at: number) => number,
): FeatureMap {
  const random = mulberry32(11);
  const values = Float32Array.from({ length: channels * height * width }, (_, at) => valueAt(random, at));
  return { values, channels, height, width };
}

/** Largest difference as a fraction of the largest expected value, or absolute if that is only rounding noise. */
function deviation(actual: Float32Array, expected: Float32Array): number {
  expect(actual.length).toBe(expected.length);
  const largest = expected.reduce((a, b) => Math.max(a, Math.abs(b)), 0);
  const off = expected.reduce((worst, value, at) => Math.max(worst, Math.abs(value - actual[at])), 0);
  return largest > 1e-12 ? off / largest : off;
}

/** Patches of the smallest map. */
const PART = Uint32Array.of(1, 2, 7, 11, 24);

const patchReferences: Record<string, PatchSelection> = {
  'three positions': { kind: 'indices', indices: Uint32Array.of(4, 0, 17) },
  'all patches': { kind: 'all' },
  'the nearest patch': { kind: 'nearest', k: 1 },
  'the seven nearest': { kind: 'nearest', k: 7 },
  'more neighbors than patches': { kind: 'nearest', k: 100_000 },
  'all patches of a part': { kind: 'all', among: PART },
  'the nearest patch of a part': { kind: 'nearest', k: 1, among: PART },
  'more neighbors than patches of a part': { kind: 'nearest', k: 8, among: PART },
};
const descriptorReferences: Record<string, DescriptorSelection> = {
  'the global mean': { kind: 'global' },
  'the mean of a part': { kind: 'global', among: PART },
  ...patchReferences,
};

const cases: Record<string, [FeatureMap, number]> = {
  'random values': [featuresOf([5, 13, 11], (r) => r()), 5],
  'one channel': [featuresOf([1, 9, 14], (r) => r()), 3],
  'few levels': [featuresOf([6, 12, 12], (r) => Math.floor(3 * r()) / 3), 5],
  'half of the values zero': [featuresOf([4, 11, 13], (r) => Math.max(0, r() - 0.5)), 7],
  'a constant map': [featuresOf([2, 8, 8], () => 0.3), 5],
  'a periodic map': [featuresOf([2, 12, 12], (_, at) => ((at % 3) + (Math.floor(at / 12) % 2)) * 0.1), 3],
  'a map as high as a patch': [featuresOf([3, 5, 12], (r) => r()), 5],
  'the smallest map': [featuresOf([2, 5, 5], (r) => r() - 0.5), 5],
  'a map of several tiles': [featuresOf([1, 130, 6], (r) => r()), 3],
};

async function sortedMaps(
  backend: ComputeBackend,
  features: FeatureMap,
  patchSize: number,
  execution: Execution,
) {
  const maps: Record<string, Float32Array> = {
    mean: await backend.meanReference(features, patchSize, execution),
  };
  for (const [name, reference] of Object.entries(patchReferences)) {
    maps[`fca, ${name}`] = await backend.fcaWithReferences(
      features,
      reference,
      { patchSize, sigmaP: 3, sigmaS: 1 },
      execution,
    );
    maps[`sww, ${name}`] = await backend.swwWithReferences(
      features,
      reference,
      { patchSize, sigma: 6 },
      execution,
    );
  }
  return maps;
}

async function descriptorMaps(
  backend: ComputeBackend,
  features: FeatureMap,
  patchSize: number,
  execution: Execution,
) {
  const maps: Record<string, Float32Array> = {};
  for (const [name, reference] of Object.entries(descriptorReferences)) {
    maps[`moments, ${name}`] = await backend.moments(features, reference, { patchSize, sigma: 6 }, execution);
    maps[`histogram, ${name}`] = await backend.histogram(
      features,
      reference,
      { patchSize, sigma: 2, bins: 7 },
      execution,
    );
    if (reference.kind === 'nearest') {
      maps[`distances, ${name}`] = await backend.knnMeanDistances(
        features,
        reference,
        { patchSize, sigma: 100 },
        execution,
      );
    }
  }
  return maps;
}

const compiled: [name: string, backend: ComputeBackend, isas: readonly Isa[]][] = [
  ...(native ? [['native', native, native.isas] as [string, ComputeBackend, readonly Isa[]]] : []),
  ['WebAssembly', wasmBackend, ['wasm']],
];

describe.each(compiled)('patches of the image as references, by the %s backend', (_, backend, isas) => {
  describe.each(Object.entries(cases))('given %s', (_, [features, patchSize]) => {
    const sorted = sortedMaps(fallbackBackend, features, patchSize, { threads: 1 });
    const descriptors = descriptorMaps(fallbackBackend, features, patchSize, { threads: 1 });

    it.each(isas)('give the same map as the TypeScript definition, by %s', async (isa) => {
      const expected = { ...(await sorted), ...(await descriptors) };
      const execution = { threads: 2, isa };
      const actual = {
        ...(await sortedMaps(backend, features, patchSize, execution)),
        ...(await descriptorMaps(backend, features, patchSize, execution)),
      };
      const off = Object.keys(expected).filter((name) => deviation(actual[name], expected[name]) > 1e-5);
      expect(off).toEqual([]);
    });
  });

  it('give bitwise identical maps for every number of threads and instruction set', async () => {
    const features = featuresOf([9, 20, 23], (r) => Math.max(0, r() - 0.3));
    const maps = async (execution: Execution) => ({
      ...(await sortedMaps(backend, features, 5, execution)),
      ...(await descriptorMaps(backend, features, 5, execution)),
    });
    const one = await maps({ threads: 1, isa: isas[isas.length - 1] });
    for (const isa of isas) expect(await maps({ threads: 3, isa })).toEqual(one);
  });

  it('stop on abort and reject with the reason', async () => {
    const features = featuresOf([64, 60, 60], (r) => r());
    const parameters = { patchSize: 9, sigmaP: 3, sigmaS: 1 };
    const controller = new AbortController();
    const reason = new Error('enough');
    const execution = { threads: 2, signal: controller.signal, onProgress: () => controller.abort(reason) };
    const map = backend.fcaWithReferences(features, { kind: 'nearest', k: 50 }, parameters, execution);
    await expect(map).rejects.toBe(reason);
  });

  it.each([
    [{ kind: 'indices', indices: Uint32Array.of(0, 99) }, /The reference patch 99 is outside the map/],
    [{ kind: 'indices', indices: Uint32Array.of() }, /reference.indices must not be empty/],
    [{ kind: 'nearest', k: 0 }, /reference.k is 0; it must be an integer of at least 1/],
    [{ kind: 'nearest', k: 1, among: Uint32Array.of() }, /reference.among must not be empty/],
    [{ kind: 'all', among: Uint32Array.of(3, 3) }, /The numbers of the reference patches must ascend/],
    [{ kind: 'global', among: Uint32Array.of(2, 81) }, /The reference patch 81 is outside the map/],
  ] as const)('reject %j', async (reference, message) => {
    const features = featuresOf([1, 9, 9], (r) => r());
    const map = backend.moments(features, reference, { patchSize: 3, sigma: 6 }, { threads: 1 });
    await expect(map).rejects.toThrow(message);
  });
});

describe.each([
  ['fallback', fallbackBackend] as const,
  ...compiled.map(([name, backend]) => [name, backend] as const),
])('references by the %s backend', (_, backend) => {
  const execution = { threads: 1 };
  const shapes = fc.tuple(
    fc.integer({ min: 1, max: 3 }),
    fc.integer({ min: 5, max: 9 }),
    fc.integer({ min: 5, max: 9 }),
  );
  const features = shapes.chain(([channels, height, width]) =>
    fc
      .array(fc.integer({ min: 0, max: 40 }), {
        minLength: channels * height * width,
        maxLength: channels * height * width,
      })
      .map((levels) => ({ values: Float32Array.from(levels, (l) => l / 41), channels, height, width })),
  );

  it('score the same, bit for bit, against every patch, whether all patches are listed or none', async () => {
    await fc.assert(
      fc.asyncProperty(features, async (map) => {
        const among = Uint32Array.from({ length: map.height * map.width }, (_, at) => at);
        for (const whole of [{ kind: 'all' }, { kind: 'nearest', k: 3 }, { kind: 'global' }] as const) {
          const of = (reference: DescriptorSelection) =>
            backend.moments(map, reference, { patchSize: 5, sigma: 6 }, execution);
          expect(await of({ ...whole, among })).toEqual(await of(whole));
          if (whole.kind === 'global') continue;
          const fca = (reference: PatchSelection) =>
            backend.fcaWithReferences(map, reference, { patchSize: 5, sigmaP: 3, sigmaS: 1 }, execution);
          expect(await fca({ ...whole, among })).toEqual(await fca(whole));
        }
      }),
      { numRuns: 20 },
    );
  });

  it('score the same against all patches of a part as against the listed patches', async () => {
    const parts = features.chain((map) =>
      fc
        .uniqueArray(fc.nat(map.height * map.width - 1), { minLength: 1 })
        .map((indices) => ({ map, part: Uint32Array.from(indices).sort() })),
    );
    await fc.assert(
      fc.asyncProperty(parts, async ({ map, part }) => {
        const score = (reference: PatchSelection) =>
          backend.swwWithReferences(map, reference, { patchSize: 5, sigma: 6 }, execution);
        const listed = await score({ kind: 'indices', indices: part });
        expect(deviation(await score({ kind: 'all', among: part }), listed)).toBeLessThan(1e-5);
        const mean = (await score({ kind: 'nearest', k: part.length, among: part })).map(
          (v) => v * part.length,
        );
        expect(deviation(mean, listed)).toBeLessThan(1e-5);
      }),
      { numRuns: 20 },
    );
  });

  it('score zero everywhere against the single nearest patch, which is the patch itself', async () => {
    await fc.assert(
      fc.asyncProperty(features, async (map) => {
        const parameters = { patchSize: 5, sigmaP: 3, sigmaS: 1 };
        const scores = await backend.fcaWithReferences(map, { kind: 'nearest', k: 1 }, parameters, execution);
        expect(Math.max(...scores)).toBe(0);
      }),
      { numRuns: 20 },
    );
  });

  it('score against all patches the sum of the scores against each, and k times the mean for k = all', async () => {
    await fc.assert(
      fc.asyncProperty(features, async (map) => {
        const total = map.height * map.width;
        const parameters = { patchSize: 5, sigma: 6 };
        const each: PatchSelection = {
          kind: 'indices',
          indices: Uint32Array.from({ length: total }, (_, i) => i),
        };
        for (const statistic of [backend.swwWithReferences, backend.moments]) {
          const all = await statistic(map, { kind: 'all' }, parameters, execution);
          expect(deviation(await statistic(map, each, parameters, execution), all)).toBeLessThan(1e-5);
          const nearest = await statistic(map, { kind: 'nearest', k: total }, parameters, execution);
          expect(
            deviation(
              nearest.map((score) => score * total),
              all,
            ),
          ).toBeLessThan(1e-5);
        }
      }),
      { numRuns: 15 },
    );
  });
});
