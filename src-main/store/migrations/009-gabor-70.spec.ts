import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { canonicalJson } from '../../common/canonical-json.ts';
import type { AnyMethod } from '../../common/api/schemas.ts';
import { Store } from '../store.ts';
import { migrate } from './migrations.ts';

const former: AnyMethod = { extractor: 'gabor', statistic: 'fca', reference: 'median', patchSize: 9 };
const bank: AnyMethod = { extractor: 'gabor', coresetRatio: 0.1 };
const laws: AnyMethod = { extractor: 'laws', statistic: 'fca', reference: 'median', patchSize: 9 };

let home: string;
let store: Store;

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'perch-migration-'));
  const database = new Database(join(home, 'perch.db'));
  database.pragma('foreign_keys = OFF');
  migrate(database, 8);
  const add = database.prepare(
    'INSERT INTO methods (id, key, label, definition, created_at) VALUES (?, ?, ?, ?, ?)',
  );
  const methods: [string, AnyMethod][] = [
    ['default', former],
    ['gabor, bank 0.1', bank],
    ['laws, fca, median, T 9', laws],
  ];
  for (const [at, [label, method]] of methods.entries())
    add.run(at + 1, canonicalJson(method), label, canonicalJson(method), 't');
  add.run(4, 'imported:paper', 'paper', null, 't');
  database.exec(`
    INSERT INTO datasets (id, name, layout, root, ignore_border, created_at) VALUES (3, 'cloth', 'folder', '/data/cloth', 0, 't');
    INSERT INTO blobs VALUES ('${'b'.repeat(64)}', 3, 't');
    INSERT INTO images (id, dataset_id, path, tile_index, name, texture_class, defect_type, split, width, height, file_sha256,
        file_bytes, file_mtime_ms, sort_index) VALUES
      (7, 3, '/data/cloth/a.png', 0, 'a', 'cloth', 'hole', 'test', 64, 48, 'f', 10, 1.5, 0);
    INSERT INTO results (image_id, method_id, image_sha256, map, map_width, map_height, width, height, extent_width, extent_height,
        min, max, threshold, seconds, device, versions, created_at) VALUES
      (7, 1, 'f', '${'b'.repeat(64)}', 16, 12, 64, 48, 64, 48, 0, 1, 0.5, '{}', 'CPU', '{}', 't');`);
  database.close();
  store = new Store(home);
});
afterEach(async () => {
  store.close();
  await rm(home, { recursive: true, force: true });
});

it('keeps the extractor of stored methods, which computed their results', () => {
  expect(store.methods.list()).toEqual([
    { id: 1, label: 'default (gabor67)', definition: { ...former, extractor: 'gabor67' } },
    { id: 2, label: 'gabor67, bank 0.1', definition: { ...bank, extractor: 'gabor67' } },
    { id: 3, label: 'laws, fca, median, T 9', definition: laws },
    { id: 4, label: 'paper', definition: null },
  ]);
  expect(store.methods.findByDefinition({ ...former, extractor: 'gabor67' })?.id).toBe(1);
  expect(store.results.listByMethod(3, 1)).toMatchObject([{ image: 7, max: 1 }]);
});

it("frees the default preset's name for the new method", () => {
  expect(store.methods.upsertDefinition(former, 'default')).toMatchObject({ id: 5, label: 'default' });
});

it('records what a method chose for an image', () => {
  const [{ id: _, createdAt: _at, current: _current, ...result }] = store.results.listByMethod(3, 1);
  expect(result).not.toHaveProperty('chosen');
  const chosen = { patchSize: 5, sigmaS: 0 };
  expect(store.results.add({ ...result, method: 3, chosen })).toMatchObject({ method: 3, chosen });
});
