import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { GroundTruth } from '../../common/api/datasets.ts';
import { Store } from '../../store/store.ts';
import { listClassSamples } from './class-samples.ts';

let home: string;
let store: Store;
let dataset: number;
let method: number;

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'perch-samples-'));
  store = new Store(home);
  dataset = store.datasets.add({ name: 'cloth', layout: 'mvtec', root: '/cloth', ignoreBorder: 0 });
  method = store.methods.upsertImported('theirs').id;
});
afterEach(async () => {
  store.close();
  await rm(home, { recursive: true, force: true });
});

let count = 0;

async function addImage(groundTruth: GroundTruth, split: 'train' | 'test' = 'test', sha256 = 'a'.repeat(64)) {
  const name = `${count++}.png`;
  const image = store.images.add(dataset, {
    path: `/cloth/${name}`,
    tileIndex: 0,
    name,
    textureClass: 'cloth',
    defectType: '',
    split,
    width: 8,
    height: 8,
    file: { sha256, bytes: 1, mtimeMs: 1, ctimeMs: 1 },
    maskFiles: [],
    thumbnail: null,
    sortIndex: count,
  });
  const mask = groundTruth === 'masked' ? await store.blobs.put(Buffer.from('mask')) : null;
  store.revisions.add({ image, groundTruth, mask, author: '', source: 'imported', pixels: 0 });
  return image;
}

async function addResult(image: number, imageSha256 = 'a'.repeat(64)) {
  const map = await store.blobs.put(Buffer.from('map'));
  const sizes = { mapWidth: 2, mapHeight: 2, width: 8, height: 8, extentWidth: 8, extentHeight: 8 };
  const scores = { min: 0, max: 1, threshold: 0.5 };
  store.results.add({
    image,
    method,
    imageSha256,
    modelSha256: null,
    map,
    ...sizes,
    ...scores,
    seconds: {},
    device: '',
    versions: {},
  });
}

describe('the samples of a class', () => {
  it('are the test images with known ground truth, with their results', async () => {
    const [masked, normal, unknown] = [
      await addImage('masked'),
      await addImage('normal'),
      await addImage('unknown'),
    ];
    const train = await addImage('normal', 'train');
    for (const image of [masked, normal, unknown, train]) await addResult(image);
    const [cloth] = listClassSamples(store, dataset, method);
    expect(cloth.images.map(({ image }) => image.id)).toEqual([masked, normal]);
    expect(cloth.missing).toBe(0);
  });

  it('are missing if there is no result, or if the file has changed since', async () => {
    await addImage('normal');
    await addResult(await addImage('masked'), 'b'.repeat(64));
    const [cloth] = listClassSamples(store, dataset, method);
    expect(cloth).toMatchObject({ images: [], missing: 2 });
  });
});
