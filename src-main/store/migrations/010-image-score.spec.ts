import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, it } from 'vitest';
import { Store } from '../store.ts';
import { migrate } from './migrations.ts';

it('keeps results, which have no image score of a network', async () => {
  const home = await mkdtemp(join(tmpdir(), 'perch-migration-'));
  const database = new Database(join(home, 'perch.db'));
  migrate(database, 9);
  const blob = 'b'.repeat(64);
  database.exec(`
    INSERT INTO methods (id, key, label, definition, created_at) VALUES (1, 'imported:x', 'x', NULL, 't');
    INSERT INTO datasets (id, name, layout, root, ignore_border, created_at) VALUES (3, 'cloth', 'folder', '/data/cloth', 0, 't');
    INSERT INTO blobs VALUES ('${blob}', 3, 't');
    INSERT INTO images (id, dataset_id, path, tile_index, name, texture_class, defect_type, split, width, height, file_sha256,
        file_bytes, file_mtime_ms, sort_index) VALUES
      (7, 3, '/data/cloth/a.png', 0, 'a', 'cloth', 'hole', 'test', 64, 48, 'f', 10, 1.5, 0);
    INSERT INTO results (image_id, method_id, image_sha256, map, map_width, map_height, width, height, extent_width, extent_height,
        min, max, threshold, seconds, device, versions, created_at) VALUES
      (7, 1, 'f', '${blob}', 16, 12, 64, 48, 64, 48, 0, 1, 0.5, '{}', 'CPU', '{}', 't');`);
  database.close();
  const store = new Store(home);
  try {
    const [former] = store.results.listByMethod(3, 1);
    expect(former).toMatchObject({ max: 1 });
    expect(former.imageScore).toBeUndefined();
    const { id: _, createdAt: __, ...result } = former;
    const scored = store.results.add({ ...result, imageSha256: 'g', imageScore: 0.75 });
    expect(scored.imageScore).toBe(0.75);
  } finally {
    store.close();
    await rm(home, { recursive: true, force: true });
  }
});
