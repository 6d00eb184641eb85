import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Metrics } from '../../common/api/evaluation.ts';
import type { InspectionRegion } from '../../common/api/regions.ts';
import type { Result } from '../../common/api/runs.ts';
import { writeNpy } from '../../common/maps/npy.ts';
import { EngineClient } from '../../engine/client/engine-client.ts';
import { regionSha256 } from '../../files/region-sha256.ts';
import { samplesFolder } from '../../files/samples.ts';
import { defaultMethod } from '../../methods/presets/presets.ts';
import type { StoredImage } from '../../store/images.ts';
import { temporaryStore } from '../../test/store.ts';
import { openDatasets } from '../datasets/datasets.ts';
import { importMaps } from '../datasets/import-maps.ts';
import { openEvaluations } from '../evaluation/evaluation.ts';
import { inspectItem } from '../runs/inspect-item.ts';
import { openRegions } from './regions.ts';

const FILES = ['test/good/000.png', 'test/hole/000.png', 'ground_truth/hole/000_mask.png'];
const { signal } = new AbortController();
const { store, dispose } = temporaryStore();
const engine = new EngineClient();
const regions = openRegions(store, engine);
const evaluation = openEvaluations(store, engine);
let folder: string;
let dataset: number;
let method: number;
let images: StoredImage[];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'perch-regions-'));
  for (const file of FILES) await cp(join(samplesFolder, 'carpet', file), join(folder, 'set/carpet', file));
  const datasets = openDatasets(store, engine);
  for await (const event of await datasets.import({ paths: [join(folder, 'set')], layout: 'mvtec' }, signal))
    if (event.type === 'imported') dataset = event.dataset.id;
  images = store.images.listByDataset(dataset);
  method = store.methods.upsertDefinition(defaultMethod, 'default').id;
});
afterAll(async () => {
  await engine.close();
  await dispose();
  await rm(folder, { recursive: true, force: true });
});

const setRegion = (region: InspectionRegion | null) =>
  regions.set({ dataset, textureClass: 'carpet', region, author: 'Ada' }, signal);

/** @returns the numbers of inspected images and of those that had a result */
async function inspectAll(): Promise<{ made: number; known: number }> {
  const count = { made: 0, known: 0 };
  for (const { id: image } of images) {
    const item = { image, method, provider: 'cpu' } as Parameters<typeof inspectItem>[0];
    const outcome = await inspectItem(item, { store, engine }, { signal });
    if ('made' in outcome) store.results.add(outcome.made);
    count['made' in outcome ? 'made' : 'known']++;
  }
  return count;
}

async function metricsOf(of = method): Promise<Metrics> {
  const asked = { dataset, methods: [of], proFprLimit: 0.3, ignoreBorder: 0 };
  for await (const event of await evaluation.table(asked, signal))
    if (event.type === 'cell') return event.cell.metrics;
  throw new Error('There is no cell.');
}

const results = (of = method): Result[] => store.results.listByMethod(dataset, of);

/** The right part, without the hole. */
const right: InspectionRegion = {
  include: [{ type: 'rectangle', left: 280, top: 0, width: 400, height: 600 }],
  exclude: [],
  border: 0,
};

describe('the region of a class', () => {
  it('makes results for another region outdated, and makes the earlier ones current again when it is cleared', async () => {
    expect(await inspectAll()).toEqual({ made: 2, known: 0 });
    const whole = results();
    const metrics = await metricsOf();
    await setRegion({ include: [], exclude: [], border: 20 });
    expect(results().map(({ current }) => current)).toEqual([false, false]);
    expect(await metricsOf()).toMatchObject({ images: 0, missing: 2 });

    expect(await inspectAll()).toEqual({ made: 2, known: 0 });
    expect(await inspectAll()).toEqual({ made: 0, known: 2 });
    const inside = results();
    expect(inside.every(({ current, regionSha256: key }) => current && key !== '')).toBe(true);
    const inRegion = await metricsOf();
    expect(inRegion).toMatchObject({
      images: 2,
      missing: 0,
      notes: ['Only pixels inside the inspection region count.'],
    });
    expect(inRegion.auroc).not.toBe(metrics.auroc);

    await setRegion(null);
    expect(results()).toEqual(whole);
    expect(await metricsOf()).toEqual(metrics);
  });

  it('limits score, range and histogram to the pixels inside', async () => {
    const before = results();
    await setRegion(right);
    await inspectAll();
    const defective = images.findIndex(({ defectType }) => defectType === 'hole');
    expect(results()[defective].max).toBeLessThan(before[defective].max);
    const asked = { dataset, method, textureClass: 'carpet', ignoreBorder: 0, bins: 10 };
    const { normal, anomalous, high } = await evaluation.histogram(asked, signal);
    const counted = [...normal, ...anomalous].reduce((sum, pixels) => sum + pixels, 0);
    const inside = images.reduce((sum, { width, height }) => sum + (width - 280) * height, 0);
    expect(counted).toBe(inside);
    expect(high).toBe(Math.max(...results().map(({ max }) => max)));
    await setRegion(null);
  });

  it('also limits imported maps', async () => {
    await setRegion(right);
    const values = Float32Array.from({ length: 64 }, (_, at) => (at % 8 === 0 ? 9 : at / 64));
    const maps = join(folder, 'maps');
    for (const { defectType, name } of images) {
      const path = join(
        maps,
        'carpet',
        'test',
        defectType,
        name.split('/').at(-1)?.replace('.png', '.npy') ?? '',
      );
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, writeNpy({ shape: [8, 8], values }));
    }
    for await (const _ of importMaps({ dataset, folder: maps, label: 'other' }, { store, engine }, signal));
    const other = store.methods.getByLabel('other')?.id as number;
    expect(results(other)).toMatchObject([
      { current: true, max: 63 / 64 },
      { current: true, max: 63 / 64 },
    ]);
    expect(await metricsOf(other)).toMatchObject({ images: 2, missing: 0 });
    await setRegion(null);
    expect(results(other)).toMatchObject([
      { current: true, regionSha256: '', max: 9 },
      { current: true, regionSha256: '', max: 9 },
    ]);
    // No map position is inside such a small region.
    const point: InspectionRegion = {
      include: [{ type: 'rectangle', left: 0, top: 0, width: 3, height: 3 }],
      exclude: [],
      border: 0,
    };
    await setRegion(point);
    expect(results(other).map(({ current }) => current)).toEqual([false, false]);
    await setRegion(null);
  });

  it('has a hash that is independent of the order of its fields', () => {
    const { include, exclude, border } = right;
    expect(regionSha256({ border, exclude, include })).toBe(regionSha256(right));
    expect(regionSha256({ include: [], exclude: [], border: 0 })).toBe('');
  });
});

it('proposes nothing for fabric that fills its image', async () => {
  expect(await regions.propose({ image: images[0].id }, signal)).toEqual({ proposals: [] });
});
