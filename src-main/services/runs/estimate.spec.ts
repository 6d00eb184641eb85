import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AnyMethod, Inspection } from '../../common/api/schemas.ts';
import type { HardwareProfile } from '../../methods/cost-model/cost-model.ts';
import type { Store } from '../../store/store.ts';
import { addImages, temporaryStore } from '../../test/store.ts';
import { estimateMethods } from './estimate.ts';

const hardware: HardwareProfile = { isa: 'avx2', threads: 2 };
const standard: AnyMethod = { extractor: 'gabor', statistic: 'fca', reference: 'median', patchSize: 9 };
let temporary: ReturnType<typeof temporaryStore>;
let store: Store;

beforeEach(() => {
  temporary = temporaryStore();
  store = temporary.store;
});
afterEach(() => temporary.dispose());

/** Adds square images. @returns their ids, and a function that estimates methods for them */
function cloth(images: number, side = 256, name = `cloth ${side}`) {
  const added = addImages(
    store,
    Array.from({ length: images }, () => ({ width: side, height: side })),
    name,
  );
  const stored = added.images.map((id) => store.images.get(id));
  return {
    ids: added.images,
    estimates: (...definitions: AnyMethod[]) => estimateMethods(store, hardware, stored, definitions),
    onCuda: (...definitions: AnyMethod[]) =>
      estimateMethods(store, { ...hardware, cuda: true }, stored, definitions),
  };
}

/** Adds a result with these times. */
async function took(
  image: number,
  definition: AnyMethod,
  seconds: Inspection['seconds'],
  device = 'CPU',
): Promise<void> {
  const { width, height, file } = store.images.get(image);
  store.results.add({
    image,
    method: store.methods.upsertDefinition(definition, JSON.stringify(definition)).id,
    modelSha256: null,
    imageSha256: file.sha256,
    map: await store.blobs.put(Buffer.from('map')),
    mapWidth: 8,
    mapHeight: 8,
    width,
    height,
    extentWidth: width,
    extentHeight: height,
    min: 0,
    max: 1,
    threshold: 1,
    seconds,
    device,
    versions: {},
  });
}

describe('an estimate for a method without measurements', () => {
  it('comes from the cost model for every kind of method', () => {
    const definitions: AnyMethod[] = [
      standard,
      { extractor: 'colors', statistic: 'moments', reference: 'global', patchSize: 9 },
      { extractor: 'laws', statistic: 'aota', reference: 'knn:10', patchSize: 9, resize: 64 },
      { ...standard, normal: true },
      { extractor: 'gabor', memory: 'nearest', parameters: { rotations: 8 } },
      { extractor: 'gabor', memory: 'subspace' },
      { baseline: 'saliency-rc' },
      { baseline: 'bellini', resize: 128 },
      { extractor: 'colors', coresetRatio: 0.1 },
    ];
    const { ids, estimates } = cloth(4);
    const [last] = ids.slice(-1);
    store.database.prepare("UPDATE images SET split = 'train', defect_type = 'good' WHERE id = ?").run(last);
    store.revisions.add({
      image: last,
      groundTruth: 'normal',
      mask: null,
      author: '',
      source: 'imported',
      pixels: 0,
    });
    for (const estimate of estimates(...definitions)) {
      expect(estimate).toMatchObject({ images: 4, basis: 'modeled', skipped: null });
      expect(estimate.seconds).toBeGreaterThan(0);
      expect(estimate.bytes).toBeGreaterThan(100e6);
    }
  });

  it('grows with the number and size of images, and with T', () => {
    const [few] = cloth(2).estimates(standard);
    const [many] = cloth(20, 256, 'many').estimates(standard);
    const [large] = cloth(2, 1024).estimates(standard);
    const [wide] = cloth(2, 256, 'wide').estimates({ ...standard, patchSize: 25 });
    expect(many.seconds).toBeCloseTo(10 * few.seconds, 6);
    expect(large.seconds).toBeCloseTo(16 * few.seconds, 6);
    expect(large.bytes).toBeGreaterThan(few.bytes + 100e6);
    expect(wide.seconds).toBeGreaterThan(3 * few.seconds);
  });

  it('grows with the square of the number of positions for a patch search', () => {
    const nearest: AnyMethod = { ...standard, reference: 'knn:5' };
    const [small] = cloth(1).estimates(nearest);
    const [large] = cloth(1, 512).estimates(nearest);
    expect(large.seconds / small.seconds).toBeGreaterThan(10);
  });

  it('grows with the square of a set', () => {
    const mutual: AnyMethod = { extractor: 'colors', set: 'mutual' };
    const [few] = cloth(11, 64).estimates(mutual);
    const [many] = cloth(101, 64, 'many').estimates(mutual);
    expect(few).toMatchObject({ images: 11, basis: 'modeled' });
    expect(many.seconds / few.seconds).toBeGreaterThan(60);
    expect(many.bytes).toBeGreaterThan(few.bytes);
  });

  it('counts features that methods share only once', () => {
    const other: AnyMethod = { ...standard, statistic: 'sww' };
    const { estimates } = cloth(2);
    const [[single], [, after]] = [estimates(other), estimates(standard, other)];
    expect(after.seconds).toBeLessThan(single.seconds);
    const [, resized] = estimates(standard, { ...other, resize: 256 });
    expect(resized.seconds).toBeCloseTo(single.seconds, 6);
  });

  it('covers only the images without a result', async () => {
    const { ids, estimates } = cloth(3);
    await took(ids[0], standard, {});
    expect(estimates(standard)).toMatchObject([{ images: 2, basis: 'modeled' }]);
  });

  it('is lower on a GPU for what runs there', () => {
    const { estimates, onCuda } = cloth(1, 512);
    const nearest: AnyMethod = { ...standard, reference: 'knn:5' };
    const onCpu: AnyMethod[] = [
      { ...standard, statistic: 'moments', reference: 'global' },
      { ...standard, reference: 'all' },
      { extractor: 'gabor', coresetRatio: 0.1 },
    ];
    for (const method of [standard, nearest])
      expect(onCuda(method)[0].seconds).toBeLessThan(0.9 * estimates(method)[0].seconds);
    expect(onCuda(...onCpu)).toEqual(estimates(...onCpu));
  });

  it('is refused for a method that cannot be used', () => {
    const { estimates } = cloth(1);
    expect(() => estimates({ ...standard, extractor: 'vgg19' })).toThrow(/vgg19 has not been imported/);
    expect(() => estimates({ ...standard, reference: 'knn:0' })).toThrow(/K must be/);
  });
});

describe('an estimate for a method with measurements on this machine', () => {
  const seconds = { decode: 0.01, extract: 0.1, reference: 0.02, statistic: 0.37 };

  it('equals the measured time of the method', async () => {
    const { ids, estimates } = cloth(3);
    await took(ids[0], standard, seconds);
    const [estimate] = estimates(standard);
    expect(estimate).toMatchObject({ images: 2, basis: 'measured' });
    expect(estimate.seconds).toBeCloseTo(2 * 0.5, 6);
  });

  it('is scaled to images of another size, for the parts that grow with it', async () => {
    const { ids } = cloth(1);
    await took(ids[0], standard, seconds);
    const [large] = cloth(1, 512).estimates(standard);
    expect(large.basis).toBe('measured');
    expect(large.seconds).toBeCloseTo(4 * 0.5, 6);
    const [resized] = cloth(1, 1024).estimates({ ...standard, resize: 256 });
    expect(resized.seconds).toBeCloseTo(16 * 0.01 + 0.49, 6);
  });

  it('combines measured parts of other methods', async () => {
    const { ids, estimates } = cloth(2);
    await took(ids[0], standard, seconds);
    await took(ids[0], { extractor: 'laws', statistic: 'sww', reference: 'median', patchSize: 9 }, seconds);
    const [wider] = estimates({ ...standard, patchSize: 15 });
    expect(wider.basis).toBe('measured');
    expect(wider.seconds).toBeGreaterThan(2 * 0.5);
    expect(estimates({ ...standard, extractor: 'laws' })[0].basis).toBe('measured');
    expect(estimates({ ...standard, extractor: 'colors' })[0].basis).toBe('modeled');
    expect(estimates({ ...standard, reference: 'all' })[0].basis).toBe('modeled');
  });

  it('prefers measurements of the method itself', async () => {
    const { ids, estimates } = cloth(2);
    await took(ids[0], { ...standard, patchSize: 11 }, { ...seconds, statistic: 50 });
    await took(ids[0], standard, seconds);
    expect(estimates(standard)[0].seconds).toBeCloseTo(0.5, 6);
  });

  it('scales the time on a GPU by measurements there, and the time on the CPU by the others', async () => {
    const { ids, estimates, onCuda } = cloth(3);
    await took(ids[0], standard, seconds, 'extractor on CPU, AVX2; A (CUDA)');
    expect(onCuda(standard)[0].seconds).toBeCloseTo(2 * 0.5, 6);
    expect(estimates(standard)[0].basis).toBe('modeled');
    await took(ids[1], standard, { ...seconds, statistic: 4.37 }, 'CPU, AVX2; reference on A (CUDA)');
    expect(onCuda(standard)[0].seconds).toBeCloseTo(0.5, 6);
    expect(estimates(standard)[0].seconds).toBeCloseTo(4.5, 6);
  });

  it('ignores imported maps and banks of unknown size', async () => {
    const { ids, estimates } = cloth(1);
    const bank: AnyMethod = { extractor: 'gabor', coresetRatio: 0.1 };
    await took(ids[0], bank, seconds);
    expect(estimates({ ...bank, coresetRatio: 0.2 })[0].basis).toBe('modeled');
    store.methods.upsertImported('anomalib');
    expect(estimates(standard)[0].basis).toBe('modeled');
  });
});
