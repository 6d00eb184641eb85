import Database from 'better-sqlite3';
import { beforeEach, describe, expect, it } from 'vitest';
import { actAs } from '../actor.ts';
import { migrate } from './migrations.ts';

let database: Database.Database;
beforeEach(() => {
  database = new Database(':memory:');
  migrate(database, 17);
  database.exec(`
    INSERT INTO settings VALUES ('operator', '"Ada"');
    INSERT INTO datasets (id, name, layout, root, ignore_border, created_at) VALUES (3, 'fabrics', 'folder', '/data', 0, 't');
    INSERT INTO methods (id, key, label, created_at) VALUES (1, 'k', 'default', 't');
    INSERT INTO thresholds VALUES (3, 1, 'silk', 0.25);
    INSERT INTO images (id, dataset_id, path, name, texture_class, defect_type, split, width, height, file_sha256, file_bytes,
      file_mtime_ms, sort_index) VALUES (7, 3, '/data/a.png', 'a.png', 'linen', 'hole', 'test', 64, 48, 'f', 10, 1, 0);
    INSERT INTO recipes (id, name, created_at) VALUES (4, 'oxford', 't');`);
  migrate(database);
});

const run = (sql: string) => database.exec(sql);
const entries = () =>
  database
    .prepare<
      [],
      Record<'actor' | 'type' | 'id' | 'name' | 'action', string> & { before: string; after: string }
    >(
      `SELECT actor, subject_type AS type, subject_id AS id, subject_name AS name, action, before, after
       FROM audit_entries ORDER BY audit_entries.id`,
    )
    .all()
    .map(({ before, after, ...entry }) => ({
      ...entry,
      before: JSON.parse(before) as unknown,
      after: JSON.parse(after) as unknown,
    }));

it('has no entries for what an earlier version stored, and keeps it', () => {
  expect(entries()).toEqual([]);
  expect(database.prepare('SELECT score FROM thresholds').pluck().all()).toEqual([0.25]);
});

describe('an entry', () => {
  it('has the values before and after', () => {
    run(
      `INSERT INTO thresholds VALUES (3, 1, 'linen', 0.5) ON CONFLICT DO UPDATE SET score = excluded.score`,
    );
    run(
      `INSERT INTO thresholds VALUES (3, 1, 'linen', 0.75) ON CONFLICT DO UPDATE SET score = excluded.score`,
    );
    run(
      `INSERT INTO thresholds VALUES (3, 1, 'linen', 0.75) ON CONFLICT DO UPDATE SET score = excluded.score`,
    );
    run(`DELETE FROM thresholds WHERE texture_class = 'linen'`);
    const about = { actor: 'Ada', type: 'threshold', id: '3/linen/1', name: 'linen of fabrics' };
    const value = (score: number) => ({ method: 'default', score });
    expect(entries()).toEqual([
      { ...about, action: 'added', before: null, after: value(0.5) },
      { ...about, action: 'changed', before: value(0.5), after: value(0.75) },
      { ...about, action: 'removed', before: value(0.75), after: null },
    ]);
  });

  it('names the person of the row, else who acts, else the operator of the settings, else the user of the system', () => {
    run(`INSERT INTO calibration_marks VALUES (7, 'Grace', 't')`);
    actAs('Alan', () => run('DELETE FROM calibration_marks'));
    run(`INSERT INTO class_recipes VALUES (3, 'linen', 4)`);
    run(`UPDATE settings SET value = '"Edsger"' WHERE name = 'operator'`);
    run(`UPDATE settings SET value = '""' WHERE name = 'operator'`);
    run('DELETE FROM class_recipes');
    const actors = entries().map(({ actor }) => actor);
    expect(actors.slice(0, 5)).toEqual(['Grace', 'Alan', 'Ada', 'Ada', 'Edsger']);
    expect(actors[5]).toMatch(/./);
    expect(['Ada', 'Edsger']).not.toContain(actors[5]);
  });

  it('has the value of a setting, even if it is not JSON', () => {
    run(`INSERT INTO settings VALUES ('units', '{"a": [1]}')`);
    run(`INSERT INTO settings VALUES ('theme', 'no json')`);
    expect(entries()).toMatchObject([
      { after: { value: { a: [1] } } },
      { id: 'theme', after: { value: 'no json' } },
    ]);
  });

  it('covers all that is removed with a dataset', () => {
    run(`INSERT INTO calibration_marks VALUES (7, 'Grace', 't')`);
    run(`INSERT INTO rolls (image_id, article, lot, direction, created_at) VALUES (7, '', '', 'down', 't')`);
    const before = entries().length;
    database.pragma('foreign_keys = ON');
    run('DELETE FROM datasets');
    expect(database.prepare('SELECT count(*) FROM thresholds').pluck().get()).toBe(0);
    expect(entries().slice(before)).toMatchObject([
      {
        type: 'dataset',
        name: 'fabrics',
        action: 'removed',
        before: { root: '/data', images: 1, thresholds: [['silk', 1, 0.25]] },
      },
    ]);
  });

  it('is added for ground truth by a person, and for a later import, not for that which comes with the dataset', () => {
    const revise = (revision: number, author: string, truth: string) =>
      run(`INSERT INTO revisions VALUES (7, ${revision}, '${truth}', NULL, '${author}', 'imported', 0, 't')`);
    revise(1, '', 'unknown');
    expect(entries()).toEqual([]);
    revise(2, '', 'normal');
    revise(3, 'Grace', 'unknown');
    expect(entries()).toMatchObject([
      {
        actor: 'Ada',
        name: 'a.png of fabrics',
        before: { groundTruth: 'unknown' },
        after: { groundTruth: 'normal' },
      },
      { actor: 'Grace', before: { revision: 2 }, after: { revision: 3 } },
    ]);
  });
});

describe('entries', () => {
  beforeEach(() => run(`INSERT INTO class_recipes VALUES (3, 'linen', 4)`));

  it.each([
    `UPDATE audit_entries SET actor = 'nobody'`,
    'DELETE FROM audit_entries',
    'REPLACE INTO audit_entries SELECT * FROM audit_entries',
    `INSERT OR REPLACE INTO audit_entries SELECT id, at, 'nobody', subject_type, subject_id, subject_name, action, before, after
       FROM audit_entries`,
  ])('cannot be changed: %s', (sql) => {
    const before = entries();
    expect(() => run(sql)).toThrow(/never/);
    expect(entries()).toEqual(before);
  });

  it('stay when the image that they are about is pruned', () => {
    run(`
      INSERT INTO sessions (id, name, operator, dataset_id, filter, created_at) VALUES (5, 's', 'Grace', 3, '', 't');
      INSERT INTO verdicts (session_id, image_id, verdict, defect_type, note, created_at) VALUES (5, 7, 'reject', '', '', 't');
      INSERT INTO revisions VALUES (7, 1, 'normal', NULL, 'Grace', 'drawn', 0, 't');
      INSERT INTO calibration_marks VALUES (7, 'Grace', 't');`);
    const before = entries();
    expect(before.map(({ type }) => type)).toEqual(
      expect.arrayContaining(['verdict', 'ground-truth', 'calibration-mark']),
    );
    database.pragma('foreign_keys = ON');
    run('DELETE FROM images WHERE id = 7');
    expect(database.prepare('SELECT count(*) FROM verdicts').pluck().get()).toBe(0);
    expect(entries()).toEqual(before);
  });

  it('are not added for a change that is rolled back', () => {
    const before = entries();
    run('BEGIN; DELETE FROM class_recipes; ROLLBACK');
    expect(entries()).toEqual(before);
  });
});
