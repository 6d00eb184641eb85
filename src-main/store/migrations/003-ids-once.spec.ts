import Database from 'better-sqlite3';
import { expect, it } from 'vitest';
import { migrate } from './migrations.ts';

const sha = (letter: string) => letter.repeat(64);

/** A store of version 2 with at least one row in every table. */
function openVersion2(): Database.Database {
  const database = new Database(':memory:');
  database.pragma('foreign_keys = OFF');
  migrate(database, 2);
  database.exec(`
    INSERT INTO datasets VALUES (3, 'cloth', 'mvtec', '/data/cloth', 16, 't'), (5, 'silk', 'folder', '/data/silk', 0, 't');
    INSERT INTO blobs VALUES ('${sha('a')}', 4, 't'), ('${sha('b')}', 3, 't');
    INSERT INTO images VALUES
      (7, 3, '/data/cloth/a.png', 0, NULL, NULL, NULL, NULL, 'a', 'cloth', 'hole', 'test', 64, 48, 'f', 10, 1.5, 'present', '${sha('a')}', 0),
      (9, 5, '/data/silk/b.png', 2, 1, 2, 3, 4, 'b', 'silk', 'good', 'train', 64, 48, 'f', 10, 1.5, 'changed', NULL, 1);
    INSERT INTO revisions VALUES (7, 1, 'masked', '${sha('b')}', '', 'imported', 3, 't'), (7, 2, 'normal', NULL, 'Åsa', 'drawn', 0, 't');
    INSERT INTO methods VALUES (2, 'key', 'ours', '{}', 't');
    INSERT INTO results VALUES (11, 7, 2, 'f', '', '', '${sha('a')}', 8, 6, 64, 48, 64, 48, 0, 2, 1, '{}', 'CPU', '{}', 't');
    INSERT INTO runs VALUES (4, 3, NULL, 'auto', 'done', 'CPU', NULL, NULL, 't', 't', 't');
    INSERT INTO tasks VALUES (21, 4, 7, 2, 'failed', 'INTERNAL', 'x', 1);
    INSERT INTO evaluations VALUES ('key', 2, 3, 'cloth', '{}', '${sha('a')}', 't');
    INSERT INTO thresholds VALUES (3, 2, 'cloth', 0.5);
    INSERT INTO sessions VALUES (6, 'Review', 'Åsa', 3, 2, '', 't', NULL);
    INSERT INTO session_images VALUES (6, 0, 7);
    INSERT INTO judgements VALUES (31, 6, 7, 'reject', 'hole', 'note', 't', 0);
    INSERT INTO settings VALUES ('operator', '"Åsa"');`);
  return database;
}

const tables =
  'datasets blobs images revisions methods results runs tasks evaluations thresholds sessions session_images judgements settings';

/** All rows of a database, and the parts of its schema that must not change. */
function contents(database: Database.Database) {
  return tables.split(' ').map((table) => ({
    table,
    rows: database.prepare(`SELECT * FROM "${table}" ORDER BY 1, 2`).all(),
    columns: database.pragma(`table_info("${table}")`),
    references: database.pragma(`foreign_key_list("${table}")`),
    indexes: database
      .prepare("SELECT name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name = ? ORDER BY name")
      .all(table),
  }));
}

it('keeps every row, reference and index', () => {
  const database = openVersion2();
  const before = contents(database);
  expect(before.every(({ rows }) => rows.length > 0)).toBe(true);
  migrate(database, 3);
  database.pragma('foreign_keys = ON');
  const after = contents(database);
  for (const [at, { table, rows, references, indexes }] of before.entries()) {
    expect({ table, references: after[at].references }).toEqual({ table, references });
    expect(after[at].indexes).toEqual(expect.arrayContaining(indexes));
    rows.forEach((row, i) => expect(after[at].rows[i]).toMatchObject(row as object));
  }
  expect(database.pragma('foreign_key_check')).toEqual([]);
  expect(database.pragma('integrity_check', { simple: true })).toBe('ok');
  database.prepare('DELETE FROM datasets WHERE id = 3').run();
  for (const table of ['revisions', 'results', 'runs', 'tasks', 'sessions', 'judgements', 'thresholds'])
    expect(database.prepare(`SELECT count(*) AS n FROM ${table}`).get()).toEqual({ n: 0 });
  database.close();
});

it('never reuses an id', () => {
  const database = openVersion2();
  migrate(database, 3);
  database.pragma('foreign_keys = ON');
  const added = (sql: string) => Number(database.prepare(sql).run().lastInsertRowid);
  database.exec('DELETE FROM datasets');
  const dataset = added(
    "INSERT INTO datasets (name, layout, root, border, created_at) VALUES ('n', 'folder', '/n', 0, 't')",
  );
  expect(dataset).toBe(6);
  const image = added(
    `INSERT INTO images (dataset_id, path, name, texture_class, kind, split, width, height, file_sha256, file_bytes, file_mtime_ms, position)
     VALUES (6, '/n/a', 'a', 'n', '', 'test', 1, 1, '', 1, 1, 0)`,
  );
  expect(image).toBe(10);
  expect(
    added(
      `INSERT INTO results (image_id, method_id, image_sha256, map, map_width, map_height, width, height, cover_width, cover_height,
         min, max, threshold, seconds, device, versions, created_at)
       VALUES (10, 2, '', '${sha('a')}', 1, 1, 1, 1, 1, 1, 0, 1, 1, '{}', '', '{}', 't')`,
    ),
  ).toBe(12);
  const run = added(
    "INSERT INTO runs (dataset_id, provider, state, created_at) VALUES (6, 'auto', 'done', 't')",
  );
  expect(run).toBe(5);
  expect(added("INSERT INTO tasks (run_id, image_id, method_id, state) VALUES (5, 10, 2, 'done')")).toBe(22);
  expect(
    added(
      "INSERT INTO sessions (name, operator, dataset_id, filter, created_at) VALUES ('', '', 6, '', 't')",
    ),
  ).toBe(7);
  database.close();
});
