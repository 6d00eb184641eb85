import { mkdtemp, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { EngineClient } from '../../engine/client/engine-client.ts';
import { readNpy, writeNpy } from '../../common/maps/npy.ts';
import { floatTiff } from '../../test/float-tiff.ts';
import { temporaryStore } from '../../test/store.ts';
import { openDatasets } from './datasets.ts';
import { importMaps } from './import-maps.ts';
import { lay, picture } from './test/pictures.ts';

let engine: EngineClient;
let temporary: ReturnType<typeof temporaryStore>;
let root: string;
let dataset: number;
const never = new AbortController().signal;

beforeAll(() => {
  engine = new EngineClient();
});
afterAll(() => engine.close());
beforeEach(async () => {
  temporary = temporaryStore();
  root = await mkdtemp(join(tmpdir(), 'perch-maps-'));
  await lay(join(root, 'images'), {
    'oak/test/hole/000.png': picture(1),
    'oak/test/hole/001.png': picture(2),
    'oak/test/good/000.png': picture(3),
    'ash/test/hole/000.png': picture(4),
    'ash/train/good/000.png': picture(5),
  });
  const source = { paths: [join(root, 'images')], layout: 'auto' as const };
  for await (const event of await openDatasets(temporary.store, engine).import(source, never)) {
    if (event.type === 'imported') dataset = event.dataset.id;
  }
});
afterEach(async () => {
  await temporary.dispose();
  await rm(root, { recursive: true, force: true });
});

async function imported(label = 'PatchCore') {
  const source = { dataset, folder: join(root, 'maps'), label };
  for await (const event of importMaps(source, { store: temporary.store, engine }, never)) {
    if (event.type === 'imported') return event;
  }
  throw new Error('The import ended without a result.');
}

const scores = Float32Array.of(0.5, -3.25, 1e6, 7, 2, 1e-9);
const npy = Buffer.from(writeNpy({ shape: [2, 3], values: scores }));

function deepPng(values: number[]): Promise<Buffer> {
  const pixels = sharp(Uint16Array.from(values), { raw: { width: 3, height: 2, channels: 1 } });
  return pixels.toColourspace('grey16').png().toBuffer();
}

describe('maps from another system', () => {
  it('become results of an imported method in any format', async () => {
    await lay(join(root, 'maps'), {
      'oak/test/hole/000.npy': npy,
      'oak/test/hole/001.tiff': floatTiff(scores, 3),
      'oak/test/good/000.png': deepPng([0, 1, 65535, 300, 2, 9]),
    });
    expect(await imported()).toEqual({ type: 'imported', maps: 3, kept: 0, missing: 1, problems: [] });
    const method = temporary.store.methods.getByLabel('PatchCore');
    expect(method).toMatchObject({ definition: null });
    const results = temporary.store.results.listByMethod(dataset, method?.id ?? 0);
    expect(results).toHaveLength(3);
    const maps = await Promise.all(
      results.map(async ({ map }) => readNpy(await temporary.store.blobs.read(map))),
    );
    const byName = Object.fromEntries(
      results.map(({ image }, index) => [temporary.store.images.get(image).name, maps[index]]),
    );
    const deep = Float32Array.of(0, 1, 65535, 300, 2, 9);
    expect(byName['test/hole/000.png']).toEqual({ shape: [2, 3], values: scores });
    expect(byName['test/hole/001.png']).toEqual({ shape: [2, 3], values: scores });
    expect(byName['test/good/000.png']).toEqual({ shape: [2, 3], values: deep });
    expect(results[0]).toMatchObject({
      width: 40,
      height: 32,
      extentWidth: 40,
      extentHeight: 32,
      versions: {},
    });
    expect(Math.max(...results.map(({ max }) => max))).toBe(1e6);
  });

  it("are found without the split, below other folders, and under Perch's own file names", async () => {
    await lay(join(root, 'maps'), {
      'oak/hole/000.npy': npy,
      'run/v0/oak/hole/001.npy': npy,
      'ash/test/hole/000.map.npy': npy,
    });
    expect(await imported()).toMatchObject({ maps: 3, missing: 1 });
  });

  it('are found in any case and below any spelling of a split; hidden files and heatmaps are skipped', async () => {
    await lay(join(root, 'maps'), {
      'OAK/Testing/Hole/000.NPY': npy,
      'oak/hole/001.map.npy': npy,
      'oak/hole/001.heatmap.png': picture(1),
      'oak/hole/._001.npy': Buffer.from('x'),
    });
    expect(await imported()).toMatchObject({ maps: 1, missing: 3 });
    await rename(join(root, 'maps/OAK/Testing'), join(root, 'maps/OAK/test'));
    expect(await imported()).toMatchObject({ maps: 1, kept: 1, problems: [] });
  });

  it('stay unchanged when imported again', async () => {
    await lay(join(root, 'maps'), { 'oak/hole/000.npy': npy });
    await imported();
    await lay(join(root, 'maps'), { 'oak/hole/001.npy': npy });
    expect(await imported()).toMatchObject({ maps: 1, kept: 1 });
  });

  it('are reported individually if they are not maps', async () => {
    await lay(join(root, 'maps'), {
      'oak/test/hole/000.npy': Buffer.from('no array'),
      'oak/test/hole/001.png': picture(1),
      'oak/test/good/000.npy': Buffer.from(writeNpy({ shape: [1, 2], values: Float32Array.of(1, NaN) })),
      'ash/test/hole/000.npy': npy,
    });
    const { maps, problems } = await imported();
    expect(maps).toBe(1);
    expect(problems.sort()).toEqual([
      expect.stringMatching(/good.000\.npy .*finite/),
      expect.stringMatching(/hole.000\.npy .*NPY/),
      expect.stringMatching(/hole.001\.png .*3 channels/),
    ]);
  });

  it("are refused if none belongs to the dataset, or if the label names one of Perch's methods", async () => {
    await lay(join(root, 'maps'), { 'pine/test/hole/000.npy': npy });
    await expect(imported()).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(imported('gone')).rejects.toMatchObject({ code: 'NOT_FOUND' });
    const definition = { extractor: 'gabor', statistic: 'fca', reference: 'median', patchSize: 9 };
    temporary.store.methods.upsertDefinition(definition, 'ours');
    await expect(imported('ours')).rejects.toMatchObject({ code: 'CONFLICT' });
    expect(temporary.store.methods.list()).toHaveLength(1);
  });
});
