import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { Store } from '../store.ts';
import { migrate } from './migrations.ts';

let home: string;
let store: Store;

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'perch-migration-'));
});
afterEach(async () => {
  store.close();
  await rm(home, { recursive: true, force: true });
});

/** Writes a store of version 7 with an open and a finished session, and opens it. */
function openVersion7(settings = ''): Store {
  const database = new Database(join(home, 'perch.db'));
  database.pragma('foreign_keys = OFF');
  migrate(database, 7);
  database.exec(`
    INSERT INTO datasets (id, name, layout, root, ignore_border, created_at) VALUES (3, 'cloth', 'folder', '/data/cloth', 0, 't');
    INSERT INTO blobs VALUES ('${'b'.repeat(64)}', 3, 't');
    INSERT INTO images (id, dataset_id, path, tile_index, name, texture_class, defect_type, split, width, height, file_sha256,
        file_bytes, file_mtime_ms, sort_index) VALUES
      (7, 3, '/data/cloth/a.png', 0, 'a', 'cloth', 'hole', 'test', 64, 48, 'f', 10, 1.5, 0);
    INSERT INTO revisions VALUES (7, 1, 'normal', NULL, '', 'imported', 0, 't'),
      (7, 2, 'masked', '${'b'.repeat(64)}', 'Åsa', 'drawn', 3, 't');
    INSERT INTO sessions VALUES (5, 'Open', 'Åsa', 3, NULL, '', 't', NULL), (6, 'Finished', 'Åsa', 3, NULL, '', 't', 't');
    INSERT INTO session_images VALUES (5, 0, 7), (6, 0, 7);
    INSERT INTO verdicts VALUES (31, 6, 7, 'reject', 'hole', 'note', 't', 0);
    INSERT INTO settings VALUES ('operator', '"Åsa"')${settings};`);
  database.close();
  store = new Store(home);
  return store;
}

it('keeps every revision, and accepts new ones from gold verdicts', () => {
  const { revisions, images } = openVersion7();
  expect(revisions.listByImage(7)).toMatchObject([
    { revision: 1, groundTruth: 'normal', source: 'imported' },
    { revision: 2, groundTruth: 'masked', mask: 'b'.repeat(64), author: 'Åsa', source: 'drawn', pixels: 3 },
  ]);
  const adopted = { image: 7, groundTruth: 'normal', mask: null, pixels: 0, author: 'Cy' } as const;
  revisions.add({ ...adopted, source: 'adjudicated' });
  expect(images.get(7)).toMatchObject({ groundTruth: 'normal', revision: 3, annotated: true });
  expect(() => revisions.add({ ...adopted, source: 'guessed' as 'drawn' })).toThrow(/CHECK/);
});

it('keeps unfinished sessions blind', () => {
  const { sessions, verdicts, settings } = openVersion7();
  expect(sessions.get(5)).toMatchObject({
    blind: true,
    heatmapHidden: false,
    group: null,
    adjudicates: null,
  });
  expect(sessions.get(6)).toMatchObject({ blind: false, reviewed: 1 });
  expect(verdicts.list(6)).toMatchObject([{ verdict: 'reject', defectType: 'hole' }]);
  expect(settings.all()).toEqual({ operator: 'Åsa' });
});

it('does not make other sessions blind', () => {
  const { sessions, settings } = openVersion7(`, ('blindReview', 'false')`);
  expect(sessions.get(5).blind).toBe(false);
  expect(settings.all()).toEqual({ operator: 'Åsa' });
});

it('removes groups and adjudications with their dataset', () => {
  const { sessions, datasets, database } = openVersion7();
  const own = { operator: 'Ada', name: '', method: null, filter: '', images: [7] };
  const [first, second] = sessions.addGroup(3, 1, [own, { ...own, operator: 'Bo' }]);
  sessions.add({ ...own, dataset: 3, adjudicates: { first: first.id, second: second.id } });
  datasets.remove(3);
  for (const table of ['review_groups', 'adjudications', 'sessions', 'revisions'])
    expect(database.prepare(`SELECT count(*) FROM ${table}`).pluck().get(), table).toBe(0);
});
