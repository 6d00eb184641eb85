import Database from 'better-sqlite3';
import { beforeEach, expect, it } from 'vitest';
import { migrate } from './migrations.ts';

let database: Database.Database;
const rows = (query: string) => database.prepare(query).all();

beforeEach(() => {
  database = new Database(':memory:');
  database.pragma('foreign_keys = OFF');
  migrate(database, 12);
});

it('gives a class the scale of the latest revision of the recipe that decides it', () => {
  const revision = (recipe: number, number: number, mmPerPixel: number | null) =>
    database.exec(
      `INSERT INTO recipe_revisions VALUES (${recipe}, ${number}, 'Ada', '', '[]', '${JSON.stringify({ mmPerPixel })}', 's', 't')`,
    );
  revision(1, 1, 0.5);
  revision(1, 2, 0.25);
  revision(2, 1, null);
  database.exec(`INSERT INTO class_recipes VALUES (3, 'linen', 1), (3, 'silk', 2)`);
  migrate(database);
  expect(rows('SELECT * FROM class_scales')).toEqual([
    {
      dataset_id: 3,
      texture_class: 'linen',
      mm_across: 0.25,
      mm_along: 0.25,
      source: 'typed',
      author: 'Ada',
      created_at: 't',
    },
  ]);
});

it('makes the image scores of a roll outdated when its direction changes', () => {
  migrate(database);
  database.exec(
    `INSERT INTO results (id, image_id, method_id, image_sha256, map, map_width, map_height, width, height, extent_width,
         extent_height, min, max, threshold, seconds, device, versions, created_at) VALUES
       (5, 7, 1, 'f', 'm', 1, 1, 1, 1, 1, 1, 0, 1, 1, '{}', 'CPU', '{}', 't')`,
  );
  const addScore = () => database.exec('INSERT INTO image_scores VALUES (1, 5, 0.5, NULL, NULL)');
  const left = () => rows('SELECT * FROM image_scores').length;
  addScore();
  database.exec(
    `INSERT INTO rolls (image_id, article, lot, direction, created_at) VALUES (7, '', '', 'down', 't')`,
  );
  expect(left()).toBe(0);
  addScore();
  database.exec(`UPDATE rolls SET article = 'Twill', direction = 'down'`);
  expect(left()).toBe(1);
  database.exec(`UPDATE rolls SET direction = 'right'`);
  expect(left()).toBe(0);
  addScore();
  database.exec('DELETE FROM rolls');
  expect(left()).toBe(0);
});
