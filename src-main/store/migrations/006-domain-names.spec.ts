import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { Store } from '../store.ts';
import { migrate } from './migrations.ts';

const sha = (letter: string) => letter.repeat(64);

let home: string;

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'perch-migration-'));
});
afterEach(() => rm(home, { recursive: true, force: true }));

/** Writes a store of version 5 with rows in every table that changes, and opens it. */
function openVersion5(): Store {
  const database = new Database(join(home, 'perch.db'));
  database.pragma('foreign_keys = OFF');
  migrate(database, 5);
  const fca =
    '{"extractor":"gabor","parameters":{"sigmaP":2},"patch":9,"reference":"median","statistic":"fca"}';
  const patchCore = '{"bank":0.1,"extractor":"colors","resize":64}';
  const metrics = {
    auroc: 0.9,
    pro: 0.8,
    aupr: 0.7,
    f1: 0.6,
    f1Threshold: 0.5,
    regionRecall: 0.4,
    imageAuroc: null,
    images: 2,
    anomalousImages: 1,
    imagesWithoutMask: 0,
    regions: 1,
  };
  const histogram = { low: 0, high: 1, normal: [3], anomalous: [1], unknown: [0] };
  database.exec(`
    INSERT INTO datasets (id, name, layout, root, border, created_at) VALUES
      (3, 'cloth', 'kinds', '/data/cloth', 16, 't'), (5, 'silk', 'folder', '/data/silk', 0, 't');
    INSERT INTO blobs VALUES ('${sha('a')}', 4, 't'), ('${sha('b')}', 3, 't'), ('${sha('c')}', 2, 't');
    INSERT INTO images (id, dataset_id, path, part, name, texture_class, kind, split, width, height, file_sha256, file_bytes,
        file_mtime_ms, position) VALUES
      (7, 3, '/data/cloth/a.png', 2, 'a', 'cloth', 'hole', 'test', 64, 48, 'f', 10, 1.5, 4),
      (8, 3, '/data/cloth/b.png', 0, 'b', 'cloth', 'good', 'train', 64, 48, 'f', 10, 1.5, 0);
    INSERT INTO revisions VALUES (7, 1, 'masked', '${sha('b')}', 'Åsa', 'drawn', 3, 't');
    INSERT INTO methods VALUES (1, '${fca}', 'ours', '${fca}', 't'), (2, '${patchCore}', 'bank', '${patchCore}', 't'),
      (4, 'imported:other', 'other', NULL, 't');
    INSERT INTO results (id, image_id, method_id, image_sha256, bank_sha256, map, map_width, map_height, width, height, cover_width,
        cover_height, min, max, threshold, seconds, device, versions, created_at) VALUES
      (11, 7, 1, 'f', '', '${sha('a')}', 8, 6, 64, 48, 66, 50, 0, 2, 1, '{}', 'CPU', '{}', 't'),
      (12, 7, 2, 'f', 'bank', '${sha('a')}', 8, 6, 64, 48, 64, 48, 0, 2, 1, '{}', 'CPU', '{}', 't');
    INSERT INTO runs VALUES (4, 3, '["cloth"]', 'auto', 'cancelled', 'CPU', NULL, NULL, 't', 't', 't'),
      (6, 3, NULL, 'cpu', 'running', 'CPU', 'process', 99, 't', 't', NULL);
    INSERT INTO tasks VALUES (21, 4, 7, 1, 'cancelled', NULL, NULL, 0), (22, 6, 7, 1, 'failed', 'CANCELLED', 'x', 1),
      (23, 6, 7, 2, 'done', NULL, NULL, 0);
    UPDATE sqlite_sequence SET seq = 40 WHERE name = 'tasks';
    UPDATE sqlite_sequence SET seq = 9 WHERE name = 'runs';
    INSERT INTO evaluations VALUES ('key', 1, 3, 'cloth', '${JSON.stringify(metrics)}', '${sha('c')}', 't'),
      ('histogram', 1, 3, 'cloth', '${JSON.stringify(histogram)}', NULL, 't');
    INSERT INTO thresholds VALUES (3, 1, 'cloth', 0.5);
    INSERT INTO sessions VALUES (6, 'Review', 'Åsa', 3, 1, '', 't', NULL);
    INSERT INTO session_images VALUES (6, 0, 8), (6, 1, 7);
    INSERT INTO judgements VALUES (31, 6, 7, 'reject', 'hole', 'note', 't', 0), (32, 6, 8, 'unsure', '', '', 't', 1);
    INSERT INTO settings VALUES ('operator', '"Åsa"'), ('advances', 'false');`);
  database.close();
  return new Store(home);
}

it('keeps datasets, images and ground truth', () => {
  const store = openVersion5();
  expect(store.datasets.get(3)).toMatchObject({ name: 'cloth', layout: 'defect-types', ignoreBorder: 16 });
  expect(store.datasets.get(5).layout).toBe('folder');
  const [train, test] = store.images.listByDataset(3);
  expect(train).toMatchObject({ id: 8, defectType: 'good', tileIndex: 0, sortIndex: 0 });
  expect(test).toMatchObject({ id: 7, defectType: 'hole', tileIndex: 2, sortIndex: 4, mask: sha('b') });
  store.close();
});

it('finds every result under the method that made it', () => {
  const store = openVersion5();
  const fca = store.methods.findByDefinition({
    extractor: 'gabor67',
    statistic: 'fca',
    reference: 'median',
    patchSize: 9,
    parameters: { sigmaP: 2 },
  });
  const patchCore = store.methods.findByDefinition({ extractor: 'colors', coresetRatio: 0.1, resize: 64 });
  expect([fca?.id, patchCore?.id]).toEqual([1, 2]);
  expect(fca?.definition).toMatchObject({ patchSize: 9, parameters: { sigmaP: 2 } });
  expect(store.methods.get(4)).toMatchObject({ label: 'other', definition: null });
  const key = { image: 7, imageSha256: 'f', modelSha256: null };
  expect(store.results.find({ ...key, method: 1 })).toMatchObject({
    id: 11,
    extentWidth: 66,
    extentHeight: 50,
  });
  expect(store.results.find({ ...key, method: 2, otherImagesSha256: 'bank' })).toMatchObject({ id: 12 });
  expect(store.thresholds.listByMethod(3, 1)).toEqual([{ textureClass: 'cloth', score: 0.5 }]);
  store.close();
});

it('keeps evaluations under their keys, with the new names of metrics', () => {
  const store = openVersion5();
  const { outcome, curves } = store.evaluations.find('key') ?? {};
  expect(curves).toBe(sha('c'));
  expect(JSON.parse(outcome ?? '')).toEqual({
    auroc: 0.9,
    auPro: 0.8,
    averagePrecision: 0.7,
    f1Max: 0.6,
    f1MaxThreshold: 0.5,
    meanRegionOverlap: 0.4,
    imageAuroc: null,
    images: 2,
    anomalousImages: 1,
    imagesWithoutMask: 0,
    regions: 1,
  });
  expect(JSON.parse(store.evaluations.find('histogram')?.outcome ?? '')).toMatchObject({ anomalous: [1] });
  store.close();
});

it('keeps runs, their items and leases, and never reuses an id', () => {
  const store = openVersion5();
  expect(store.runs.get(4)).toMatchObject({ state: 'canceled', classes: ['cloth'], leaseOwner: null });
  expect(store.runs.get(6)).toMatchObject({ state: 'running', leaseOwner: 'process', leaseExpiresAtMs: 99 });
  expect(store.runItems.countStates(4)).toMatchObject({ canceled: 1 });
  expect(store.runItems.get(22)).toMatchObject({
    state: 'failed',
    error: { code: 'CANCELED', message: 'x' },
  });
  const run = store.runs.add(
    { dataset: 3, classes: null, provider: 'auto' },
    [{ image: 7, method: 1, done: false }],
    'us',
  );
  expect(run).toBe(10);
  expect(store.runItems.list(run, { offset: 0, limit: 1 }).items[0].id).toBe(41);
  store.runs.remove(6);
  expect(store.runItems.get(22)).toBeUndefined();
  store.close();
});

it('keeps sessions, verdicts and settings', () => {
  const store = openVersion5();
  expect(store.sessions.get(6)).toMatchObject({ name: 'Review', total: 2, reviewed: 1 });
  expect(store.sessions.listImages(6)).toEqual([8, 7]);
  expect(store.verdicts.list(6)).toEqual([
    { image: 7, verdict: 'reject', defectType: 'hole', note: 'note', at: 't' },
  ]);
  expect(store.settings.all()).toEqual({ operator: 'Åsa', autoAdvance: false });
  expect(store.database.pragma('foreign_key_check')).toEqual([]);
  expect(store.database.pragma('integrity_check', { simple: true })).toBe('ok');
  store.close();
});
