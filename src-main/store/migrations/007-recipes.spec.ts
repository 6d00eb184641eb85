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

/** Writes a store of version 6 with results of two methods and of two models. */
function writeVersion6(): Database.Database {
  const database = new Database(join(home, 'perch.db'));
  database.pragma('foreign_keys = OFF');
  migrate(database, 6);
  database.exec(`
    INSERT INTO datasets (id, name, layout, root, ignore_border, created_at) VALUES (3, 'cloth', 'mvtec', '/data/cloth', 0, 't');
    INSERT INTO blobs VALUES ('${sha('a')}', 4, 't');
    INSERT INTO images (id, dataset_id, path, name, texture_class, defect_type, split, width, height, file_sha256, file_bytes,
        file_mtime_ms, sort_index, bit_depth) VALUES
      (7, 3, '/data/cloth/a.png', 'a', 'linen', 'hole', 'test', 64, 48, 'f', 10, 1.5, 0, 12);
    INSERT INTO methods VALUES (1, 'key', 'ours', '{"baseline":"x"}', 't'), (4, 'imported:other', 'other', NULL, 't');
    INSERT INTO results (id, image_id, method_id, image_sha256, model_sha256, memory_bank_sha256, map, map_width, map_height, width,
        height, extent_width, extent_height, min, max, threshold, seconds, device, versions, created_at) VALUES
      (11, 7, 1, 'f', 'model', '', '${sha('a')}', 8, 6, 64, 48, 66, 50, 0.25, 2, 1, '{"decode":1}', 'CPU', '{"perch":"1"}', 't'),
      (12, 7, 4, 'old', '', '', '${sha('a')}', 8, 6, 64, 48, 64, 48, 0, 2, 1, '{}', '', '{}', 't');
    UPDATE sqlite_sequence SET seq = 90 WHERE name = 'results';`);
  return database;
}

it('keeps every result, for the whole image', () => {
  const before = writeVersion6();
  const rows = before.prepare<[], { memory_bank_sha256: string }>('SELECT * FROM results ORDER BY id').all();
  before.close();
  const store = new Store(home);
  const after = store.database.prepare<[], object>('SELECT * FROM results ORDER BY id').all();
  const added = { other_images_sha256: '', region_sha256: '', chosen: null, image_score: null, worker: '' };
  expect(after).toEqual(rows.map(({ memory_bank_sha256: _, ...row }) => ({ ...row, ...added })));
  expect(store.results.listByMethod(3, 1)).toMatchObject([{ id: 11, regionSha256: '', current: true }]);
  expect(store.results.listByMethod(3, 4)).toMatchObject([{ id: 12, current: false }]);
  expect(store.database.pragma('foreign_key_check')).toEqual([]);
  expect(store.database.pragma('integrity_check', { simple: true })).toBe('ok');
  store.close();
});

it('keeps the indexes of results, and never reuses an id', () => {
  const database = writeVersion6();
  const indexes = () =>
    database
      .prepare("SELECT name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name = 'results'")
      .all();
  const before = indexes();
  migrate(database, 7);
  expect(indexes()).toEqual(expect.arrayContaining(before));
  const { lastInsertRowid } = database
    .prepare(
      `INSERT INTO results SELECT NULL, image_id, method_id, image_sha256, model_sha256, memory_bank_sha256, 'region', map, map_width,
         map_height, width, height, extent_width, extent_height, min, max, threshold, seconds, device, versions, created_at
       FROM results WHERE id = 11`,
    )
    .run();
  expect(lastInsertRowid).toBe(91);
  database.close();
});

it('still removes results with another bit depth', () => {
  writeVersion6().close();
  const store = new Store(home);
  store.images.setBitDepths(new Map([[7, 16]]));
  expect(store.database.prepare('SELECT id FROM results').pluck().all()).toEqual([12]);
  store.close();
});
