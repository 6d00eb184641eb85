import { mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { regionSha256 } from '../files/region-sha256.ts';
import type { NewImage } from './images.ts';
import { Store } from './store.ts';

let home: string;
let store: Store;

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'perch-störe-'));
  store = new Store(home);
});
afterEach(async () => {
  store.close();
  await rm(home, { recursive: true, force: true });
});

const file = { sha256: 'f'.repeat(64), bytes: 10, mtimeMs: 1.5, ctimeMs: 1.5 };

function addDataset(name = 'cloth'): number {
  return store.datasets.add({ name, layout: 'mvtec', root: `/data/${name}`, ignoreBorder: 16 });
}

function addImage(dataset: number, given: Partial<NewImage> = {}): number {
  const whole: NewImage = {
    path: '/data/cloth/a.png',
    tileIndex: 0,
    name: 'test/hole/a.png',
    textureClass: 'cloth',
    defectType: 'hole',
    split: 'test',
    width: 64,
    height: 48,
    file,
    thumbnail: null,
    maskFiles: [],
    sortIndex: 0,
  };
  return store.images.add(dataset, { ...whole, ...given });
}

describe('datasets', () => {
  it('count their images by current ground truth and class', async () => {
    const dataset = addDataset();
    const mask = await store.blobs.put(Buffer.from('mask'));
    const [masked, normal] = ['b.png', 'c.png'].map((path) => addImage(dataset, { path }));
    addImage(dataset, { path: 'd.png', split: 'train', textureClass: 'silk', sortIndex: 1 });
    const imported = { author: '', source: 'imported', pixels: 0 } as const;
    store.revisions.add({ ...imported, image: masked, groundTruth: 'normal', mask: null });
    store.revisions.add({ ...imported, image: masked, groundTruth: 'masked', mask, pixels: 3 });
    store.revisions.add({ ...imported, image: normal, groundTruth: 'normal', mask: null });
    expect(store.datasets.countClasses(dataset)).toEqual([
      { textureClass: 'cloth', images: 2, train: 0, masked: 1, unmasked: 0, normal: 1, unknown: 0 },
      { textureClass: 'silk', images: 1, train: 1, masked: 0, unmasked: 0, normal: 0, unknown: 0 },
    ]);
  });

  it('have unique names, and can be looked up by name', () => {
    const dataset = addDataset();
    const other = addDataset('silk');
    expect(store.datasets.uniqueName('cloth')).toBe('cloth 2');
    expect(() => store.datasets.rename(other, 'cloth')).toThrow(
      expect.objectContaining({ code: 'CONFLICT' }),
    );
    store.datasets.rename(other, 'fine silk');
    expect(store.datasets.getByName('cloth').id).toBe(dataset);
    expect(() => store.datasets.getByName('silk')).toThrow(/Datasets: cloth, fine silk\./);
  });

  it('are removed with all their data', async () => {
    const dataset = addDataset();
    const image = addImage(dataset);
    store.revisions.add({
      image,
      groundTruth: 'normal',
      mask: null,
      author: '',
      source: 'imported',
      pixels: 0,
    });
    store.datasets.remove(dataset);
    expect(() => store.images.get(image)).toThrow(expect.objectContaining({ code: 'NOT_FOUND' }));
    expect(store.revisions.listByImage(image)).toEqual([]);
  });
});

describe('images', () => {
  it('are read as they were written, with the rectangle of a tile', () => {
    const dataset = addDataset();
    const crop = { left: 256, top: 0, width: 256, height: 256 };
    const image = addImage(dataset, { tileIndex: 2, crop });
    expect(store.images.get(image)).toMatchObject({
      crop,
      tileIndex: 2,
      file,
      state: 'present',
      groundTruth: 'unknown',
    });
    expect(store.images.get(addImage(dataset, { path: 'b.png' }))).not.toHaveProperty('crop');
  });
});

describe('revisions', () => {
  it('are numbered in order, and refuse a revision that is based on an older one', () => {
    const image = addImage(addDataset());
    const drawn = {
      image,
      groundTruth: 'normal',
      mask: null,
      author: 'Åsa',
      source: 'drawn',
      pixels: 0,
    } as const;
    expect(store.revisions.add(drawn, 0).revision).toBe(1);
    expect(store.revisions.add(drawn, 1).revision).toBe(2);
    expect(() => store.revisions.add(drawn, 1)).toThrow(expect.objectContaining({ code: 'CONFLICT' }));
    expect(store.images.get(image)).toMatchObject({ revision: 2, annotated: true, groundTruth: 'normal' });
  });
});

describe('methods and results', () => {
  const definition = { extractor: 'gabor', statistic: 'fca', reference: 'median', patchSize: 9 };

  it('recognize a definition with its members in any order', () => {
    const { id } = store.methods.upsertDefinition(definition, 'ours');
    const turned = Object.fromEntries(Object.entries(definition).reverse()) as typeof definition;
    expect(store.methods.upsertDefinition(turned, 'other')).toMatchObject({ id, label: 'ours', definition });
    expect(store.methods.upsertDefinition({ ...definition, patchSize: 7 }, 'ours').label).toBe('ours (2)');
    expect(store.methods.upsertImported('anomalib')).toMatchObject({ definition: null });
  });

  it("keep one result per key, and return an image's current result, or the latest", async () => {
    const dataset = addDataset();
    const image = addImage(dataset);
    const method = store.methods.upsertDefinition(definition, 'ours').id;
    const result = {
      image,
      method,
      imageSha256: file.sha256,
      modelSha256: null,
      map: await store.blobs.put(Buffer.from('map')),
      mapWidth: 8,
      mapHeight: 6,
      width: 64,
      height: 48,
      extentWidth: 64,
      extentHeight: 48,
      min: 0,
      max: 2,
      threshold: 1,
      seconds: { decode: 0.5 },
      device: 'CPU',
      versions: { perch: '1' },
    };
    const first = store.results.add(result);
    expect(first).toMatchObject({ ...result, current: true, regionSha256: '' });
    expect(store.results.add({ ...result, max: 9 })).toEqual(first);
    const second = store.results.add({ ...result, imageSha256: 'e'.repeat(64) });
    expect(second.current).toBe(false);
    expect(store.results.find(result)).toEqual(first);
    const listed = () => store.results.listByMethod(dataset, method).map(({ id, current }) => [id, current]);
    expect(listed()).toEqual([[first.id, true]]);

    const region = { include: [], exclude: [], border: 4 };
    const inside = { ...result, regionSha256: regionSha256(region) };
    store.classRegions.set(dataset, 'cloth', region, 'Ada');
    expect(listed()).toEqual([[first.id, false]]);
    const third = store.results.add({ ...inside, imageSha256: 'e'.repeat(64) });
    const fourth = store.results.add(inside);
    expect(listed()).toEqual([[fourth.id, true]]);
    expect(store.results.find(inside)).toEqual(fourth);

    const { id: _, ...row } = store.images.get(image);
    store.images.update(image, { ...row, file: { ...file, sha256: 'e'.repeat(64) } });
    expect(listed()).toEqual([[third.id, true]]);
    store.classRegions.set(dataset, 'cloth', null, 'Ada');
    expect(listed()).toEqual([[second.id, true]]);
    expect(store.methods.listUsed(dataset)).toMatchObject([{ id: method, results: 1 }]);
  });
});

describe('blobs', () => {
  const age = async (sha256: string) => {
    store.database
      .prepare('UPDATE blobs SET created_at = ? WHERE sha256 = ?')
      .run('2020-01-01T00:00:00.000Z', sha256);
    await utimes(store.blobs.pathOf(sha256), 1, 1);
  };

  it('are named by their content, and stored once', async () => {
    const sha256 = await store.blobs.put(Buffer.from('abc'));
    expect(sha256).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
    expect(await store.blobs.put(Buffer.from('abc'))).toBe(sha256);
    expect(await store.blobs.read(sha256)).toEqual(Buffer.from('abc'));
    expect(await readdir(join(home, 'blobs/ba'))).toEqual([sha256]);
  });

  it('are not found by any other name', async () => {
    for (const name of ['../perch.db', 'x', '']) {
      await expect(store.blobs.read(name)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    }
  });

  it('are removed if no row refers to them, unless they are recent', async () => {
    const [used, unused, young] = await Promise.all(
      ['used', 'unused', 'young'].map((text) => store.blobs.put(Buffer.from(text))),
    );
    addImage(addDataset(), { thumbnail: used });
    const stray = `${store.blobs.pathOf(used)}.12345678.tmp`;
    await writeFile(stray, 'half');
    await utimes(stray, 1, 1);
    await Promise.all([used, unused].map(age));
    expect(await store.blobs.stats()).toEqual({ blobs: 3, bytes: 15, orphans: 3, orphanBytes: 15 });
    expect(await store.blobs.collectGarbage()).toEqual({ removed: 2, bytes: 10 });
    expect(store.blobs.has(unused)).toBe(false);
    expect(await store.blobs.read(young)).toEqual(Buffer.from('young'));
    expect(await readdir(dirname(store.blobs.pathOf(used)))).toEqual([used]);
  });

  it('are discarded when an item is aborted, unless they are in use', async () => {
    const [used, unused] = await Promise.all(
      ['used', 'unused'].map((text) => store.blobs.put(Buffer.from(text))),
    );
    addImage(addDataset(), { thumbnail: used });
    store.blobs.discard([used, unused]);
    expect([store.blobs.has(used), store.blobs.has(unused)]).toEqual([true, false]);
    await expect(store.blobs.read(unused)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('are reported if their file is missing or damaged', async () => {
    const [gone, damaged] = await Promise.all(
      ['gone', 'damaged'].map((text) => store.blobs.put(Buffer.from(text))),
    );
    await store.blobs.put(Buffer.from('sound'));
    await rm(store.blobs.pathOf(gone));
    await writeFile(store.blobs.pathOf(damaged), 'other');
    const faults: string[] = [];
    for await (const fault of store.blobs.integrityErrors(new AbortController().signal)) faults.push(fault);
    expect(faults.sort()).toEqual(
      [`${store.blobs.pathOf(gone)} is missing.`, `${store.blobs.pathOf(damaged)} is damaged.`].sort(),
    );
  });
});
