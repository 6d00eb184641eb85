import { expect, it } from 'vitest';
import Database from 'better-sqlite3';
import { migrate } from './migrations.ts';

it('keeps the checksums of memory banks, and the rule that a result is unique', () => {
  const database = new Database(':memory:');
  database.pragma('foreign_keys = OFF');
  migrate(database, 10);
  const insert = (column: string, sha256: string) =>
    database.exec(
      `INSERT INTO results (image_id, method_id, image_sha256, ${column}, map, map_width, map_height, width, height, extent_width,
         extent_height, min, max, threshold, seconds, device, versions, created_at) VALUES
         (1, 1, 'f', '${sha256}', 'm', 1, 1, 1, 1, 1, 1, 0, 1, 1, '{}', 'CPU', '{}', 't')`,
    );
  insert('memory_bank_sha256', 'bank');
  migrate(database);
  expect(database.prepare('SELECT other_images_sha256 FROM results').pluck().all()).toEqual(['bank']);
  expect(() => insert('other_images_sha256', 'bank')).toThrow(/UNIQUE/);
});
