import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Dataset } from '../../common/api/datasets.ts';
import type { Cell, EvaluationEvent, Metrics } from '../../common/api/evaluation.ts';
import type { AnyMethod } from '../../common/api/schemas.ts';
import { EngineClient } from '../../engine/client/engine-client.ts';
import { writeNpy } from '../../common/maps/npy.ts';
import { defaultMethod } from '../../methods/presets/presets.ts';
import { Store } from '../../store/store.ts';
import { openDatasets } from '../datasets/datasets.ts';
import { DEFAULT_MAX_PIXELS } from '../inspections/max-pixels.ts';
import { summarizeMap } from '../inspections/summarize-map.ts';
import { openEvaluations } from './evaluation.ts';

const SAMPLES = fileURLToPath(new URL('../../../assets/samples/', import.meta.url));
const PARTS = ['test/good/000.png', 'test/hole/000.png', 'test/stain/000.png'];
const MASKS = ['ground_truth/hole/000_mask.png', 'ground_truth/stain/000_mask.png'];
const { signal } = new AbortController();

let folder: string;
let store: Store;
let engine: EngineClient;
let dataset: Dataset;
let fca: number;
let saliency: number;
let evaluation: ReturnType<typeof openEvaluations>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'perch-evaluation-'));
  for (const textureClass of ['carpet', 'twill']) {
    for (const path of [...PARTS, ...MASKS])
      await cp(join(SAMPLES, textureClass, path), join(folder, 'set', textureClass, path));
  }
  store = new Store(join(folder, 'home'));
  engine = new EngineClient();
  evaluation = openEvaluations(store, engine);
  const events = openDatasets(store, engine).import(
    { paths: [join(folder, 'set')], layout: 'mvtec' },
    signal,
  );
  for await (const event of await events) if (event.type === 'imported') dataset = event.dataset;
  fca = await inspectAll(defaultMethod, 'default');
  saliency = await inspectAll({ baseline: 'saliency-rc' }, 'saliency-rc');
}, 60_000);

afterAll(async () => {
  await engine.close();
  store.close();
  await rm(folder, { recursive: true, force: true });
});

// Every test starts with the same rows.
beforeEach(() => {
  vi.restoreAllMocks();
  store.database.exec('BEGIN');
});
afterEach(() => void store.database.exec('ROLLBACK'));

async function inspectAll(definition: AnyMethod, label: string): Promise<number> {
  const method = store.methods.upsertDefinition(definition, label).id;
  for (const { id, path, file } of store.images.listByDataset(dataset.id)) {
    const request = { path, method: definition, maxPixels: DEFAULT_MAX_PIXELS, provider: 'cpu' as const };
    const { placed, seconds } = await engine.request('inspect', request);
    const { values, height, width } = placed.map;
    const map = await store.blobs.put(writeNpy({ shape: [height, width], values }));
    const source = { image: id, method, imageSha256: file.sha256, modelSha256: null, versions: {} };
    store.results.add({ ...source, map, ...summarizeMap(placed, seconds, 'CPU') });
  }
  return method;
}

async function table(scope: { ignoreBorder?: number; proFprLimit?: number } = {}): Promise<Cell[]> {
  const events: EvaluationEvent[] = [];
  const asked = { dataset: dataset.id, methods: [fca, saliency], proFprLimit: 0.3, ...scope };
  for await (const event of await evaluation.table(asked, signal)) events.push(event);
  return events.flatMap((event) => (event.type === 'cell' ? [event.cell] : []));
}

const computations = () => vi.spyOn(engine, 'request');

function metricsOf(cells: Cell[], method: number, textureClass: string): Metrics {
  const found = cells.find((cell) => cell.method === method && cell.textureClass === textureClass);
  if (!found) throw new Error(`No metrics of ${textureClass}.`);
  return found.metrics;
}

describe('metrics of the sample textures', () => {
  it('are plausible for each class and method, and the same on a second request', async () => {
    const cells = await table();
    expect(cells.map(({ method, textureClass }) => [method, textureClass])).toEqual([
      [fca, 'carpet'],
      [fca, 'twill'],
      [saliency, 'carpet'],
      [saliency, 'twill'],
    ]);
    const carpet = metricsOf(cells, fca, 'carpet');
    expect(carpet).toMatchObject({ images: 3, anomalousImages: 2, missing: 0 });
    expect(carpet.auroc).toBeGreaterThan(0.9);
    expect(carpet.auPro).toBeGreaterThan(0.6);
    expect(carpet.imageAuroc).toBe(1);
    expect(carpet.secondsPerImage).toBeGreaterThan(0);

    const run = computations();
    expect(await table()).toEqual(cells);
    expect(run).not.toHaveBeenCalled();
  });

  it('are bit-identical when computed again without a cache', async () => {
    const cells = await table();
    store.database.exec('DELETE FROM evaluations');
    const run = computations();
    expect(await table()).toEqual(cells);
    expect(run).toHaveBeenCalledTimes(4);
  });

  it('are computed again for another border or limit, and cached for each', async () => {
    const usual = await table();
    const cut = await table({ ignoreBorder: 64 });
    expect(metricsOf(cut, fca, 'carpet').auroc).not.toBe(metricsOf(usual, fca, 'carpet').auroc);
    const wide = await table({ proFprLimit: 0.5 });
    expect(metricsOf(wide, fca, 'carpet').auPro).toBeGreaterThan(metricsOf(usual, fca, 'carpet').auPro ?? 1);
    const run = computations();
    expect(await table({ ignoreBorder: 64 })).toEqual(cut);
    expect(run).not.toHaveBeenCalled();
  });

  it('are refused if the ignored border leaves no pixels', async () => {
    await expect(table({ ignoreBorder: 256 })).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
  });

  it('change with the ground truth, only for its class', async () => {
    const before = await table();
    const image = store.images.listByDataset(dataset.id).find(({ name }) => name.includes('hole'));
    if (!image) throw new Error('There is no image of a hole.');
    const { id, mask } = image;
    const by = { image: id, author: 'test', source: 'drawn', pixels: 0 } as const;
    store.revisions.add({ ...by, groundTruth: 'unknown', mask: null });
    const run = computations();
    const after = await table();
    expect(run).toHaveBeenCalledTimes(2);
    expect(metricsOf(after, fca, 'carpet')).toMatchObject({
      // The image is still defective by its folder.
      images: 3,
      anomalousImages: 2,
      imagesWithoutMask: 1,
      notes: ['1 image without a usable mask counts only in image metrics.'],
    });
    expect(metricsOf(after, fca, 'twill')).toEqual(metricsOf(before, fca, 'twill'));

    store.revisions.add({ ...by, groundTruth: 'masked', mask });
    expect(await table()).toEqual(before);
    expect(run).toHaveBeenCalledTimes(2);
  });

  it('change with a result', async () => {
    const before = await table();
    const image = store.images.listByDataset(dataset.id).find(({ defectType }) => defectType === 'stain');
    const known = store.results.listByMethod(dataset.id, fca).find((result) => result.image === image?.id);
    if (!known) throw new Error('There is no result for the image of a stain.');
    const flat = new Float32Array(known.mapWidth * known.mapHeight);
    const map = await store.blobs.put(writeNpy({ shape: [known.mapHeight, known.mapWidth], values: flat }));
    store.results.add({ ...known, map, modelSha256: 'e'.repeat(64) });
    const run = computations();
    const after = await table();
    expect(run).toHaveBeenCalledTimes(1);
    const worse = metricsOf(before, fca, 'carpet').auroc ?? 0;
    expect(metricsOf(after, fca, 'carpet').auroc).toBeLessThan(worse - 0.1);
    store.database.prepare('DELETE FROM results WHERE map = ?').run(map);
  });
});

describe('curves and histograms', () => {
  it('enclose the area that the metrics state, with few points', async () => {
    const one = { dataset: dataset.id, textureClass: 'carpet', method: fca };
    const { roc, pro } = await evaluation.curves(one, signal);
    const metrics = metricsOf(await table(), fca, 'carpet');
    const area = (x: number[], y: number[]) =>
      x.reduce((sum, at, i) => (i === 0 ? 0 : sum + ((at - x[i - 1]) * (y[i] + y[i - 1])) / 2), 0);
    expect(roc.x.length).toBeLessThan(1000);
    expect(area(roc.x, roc.y)).toBeCloseTo(metrics.auroc ?? -1, 9);
    expect(pro.x.at(-1)).toBe(1);
  });

  it('count every pixel inside the border once, by ground truth, and suggest thresholds', async () => {
    const one = { dataset: dataset.id, textureClass: 'carpet', method: fca, ignoreBorder: 16 };
    const { normal, anomalous, unknown, low, high, suggestedThresholds } = await evaluation.histogram(
      { ...one, bins: 50 },
      signal,
    );
    const sum = (counts: number[]) => counts.reduce((total, count) => total + count, 0);
    expect(normal).toHaveLength(50);
    expect(sum(normal) + sum(anomalous)).toBe(3 * 480 * 480);
    expect(sum(unknown)).toBe(0);
    expect(sum(anomalous)).toBeGreaterThan(100);
    expect(suggestedThresholds.map(({ label }) => label)).toEqual(['F1-max', 'FPR 1 %', 'FPR 5 %']);
    for (const { score } of suggestedThresholds) expect(score >= low && score <= high).toBe(true);
    expect(suggestedThresholds[1].score).toBeGreaterThan(suggestedThresholds[2].score);
    const run = computations();
    const again = await evaluation.histogram({ ...one, bins: 50 }, signal);
    expect(again).toEqual({ normal, anomalous, unknown, low, high, suggestedThresholds });
    expect(run).not.toHaveBeenCalled();
  });

  it('do not accumulate in the cache', async () => {
    const one = { dataset: dataset.id, textureClass: 'carpet', method: fca, bins: 2 };
    const { orphans } = await store.blobs.stats();
    for (let ignoreBorder = 20; ignoreBorder < 30; ignoreBorder++)
      await evaluation.histogram({ ...one, ignoreBorder }, signal);
    const rows = store.database
      .prepare("SELECT count(*) FROM evaluations WHERE texture_class = 'carpet' AND method_id = ?")
      .pluck();
    expect(rows.get(fca)).toBe(12);
    expect((await store.blobs.stats()).orphans).toBe(orphans);
  });

  it('are refused for an unknown class', async () => {
    const one = { dataset: dataset.id, textureClass: 'silk', method: fca };
    await expect(evaluation.curves(one, signal)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});

describe('bootstrap resamples', () => {
  const one = () => ({ dataset: dataset.id, method: fca, textureClass: 'twill', proFprLimit: 0.3 });

  it('scatter around the exact metrics, whose interpolation deviates little', async () => {
    const known = (await table()).find(
      ({ textureClass, method }) => textureClass === 'twill' && method === fca,
    );
    const { normal, defective, deviation, resamples } = await evaluation.bootstrap(
      { ...one(), resamples: 200, seed: 3 },
      signal,
    );
    expect([normal, defective]).toEqual([1, 2]);
    expect(deviation).toBeLessThan(0.001);
    for (const name of ['auPro', 'auroc', 'f1Max'] as const) {
      const values = resamples[name].map((value) => value ?? NaN).sort((a, b) => a - b);
      const exact = known?.metrics[name] ?? NaN;
      expect(values).toHaveLength(200);
      expect(values[0]).toBeLessThanOrEqual(exact + 0.001);
      expect(values.at(-1)).toBeGreaterThanOrEqual(exact - 0.001);
    }
  });

  it('depend only on the seed, and are cached', async () => {
    const request = vi.spyOn(engine, 'request');
    const draw = (seed: number) => evaluation.bootstrap({ ...one(), resamples: 100, seed }, signal);
    const first = await draw(1);
    const after = request.mock.calls.length;
    expect(await draw(1)).toEqual(first);
    expect(request.mock.calls).toHaveLength(after);
    expect((await draw(2)).resamples.auPro).not.toEqual(first.resamples.auPro);
  });
});

describe('results of several methods', () => {
  /**
   * Each image's rank in its class by a method, 0 to 1. There are three images per class and no equal scores.
   */
  function ranksOf(method: number): Map<number, number> {
    const classOf = new Map(
      store.images.listByDataset(dataset.id).map((image) => [image.id, image.textureClass]),
    );
    const results = store.results.listByMethod(dataset.id, method);
    return new Map(
      results.map(({ image, max }) => {
        const lower = results.filter(
          (other) => classOf.get(other.image) === classOf.get(image) && other.max < max,
        );
        return [image, lower.length / 2];
      }),
    );
  }

  it('are ordered by the difference of their ranks within the class', async () => {
    const { images } = await evaluation.disagreement(
      { dataset: dataset.id, methods: [fca, saliency] },
      signal,
    );
    const [first, second] = [ranksOf(fca), ranksOf(saliency)];
    expect(first.size).toBe(6);
    const expected = [...first].map(
      ([image, rank]) => [image, Math.abs(rank - (second.get(image) ?? NaN))] as const,
    );
    expect(new Map(images.map(({ image, disagreement }) => [image, disagreement]))).toEqual(
      new Map(expected),
    );
    const values = images.map(({ disagreement }) => disagreement);
    expect(values).toEqual(values.toSorted((a, b) => b - a));
    expect(values[0]).toBeGreaterThan(0);
  });

  it('are reported with curves and heatmaps', async () => {
    const scope = { dataset: dataset.id, methods: [fca, saliency], proFprLimit: 0.3 };
    const { content, mediaType } = await evaluation.report({ ...scope, format: 'html' }, signal);
    expect(mediaType).toBe('text/html');
    expect(content.match(/class="chart"/g)).toHaveLength(4);
    // Two images of each class, each with two methods' heatmaps.
    expect(content.match(/src="data:image\/jpeg;base64,/g)).toHaveLength(12);
    const text = await evaluation.report({ ...scope, format: 'text' }, signal);
    expect(text.content).toMatch(/^mean/m);
    const json = await evaluation.report({ ...scope, format: 'json' }, signal);
    expect(JSON.parse(json.content)).toMatchObject({
      dataset: dataset.name,
      ignoreBorder: dataset.ignoreBorder,
      proFprLimit: 0.3,
    });
  });
});
