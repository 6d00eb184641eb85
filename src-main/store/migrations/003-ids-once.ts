import type { Migration } from './migration.ts';

/**
 * Ids of removed rows are never reused, because an open window may still send them. SQLite supports AUTOINCREMENT only when a
 * table is created. The store also gets an id that ties the database to its
 * files.
 */
export const idsOnce: Migration = `
CREATE TABLE datasets_next (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL UNIQUE,
  layout TEXT NOT NULL,
  root TEXT NOT NULL UNIQUE,
  border INTEGER NOT NULL,
  created_at TEXT NOT NULL
) STRICT;
INSERT INTO datasets_next SELECT * FROM datasets;
DROP TABLE datasets;
ALTER TABLE datasets_next RENAME TO datasets;

CREATE TABLE images_next (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  dataset_id INTEGER NOT NULL REFERENCES datasets ON DELETE CASCADE,
  path TEXT NOT NULL,                 -- absolute, of the file
  part INTEGER NOT NULL DEFAULT 0,    -- number of the part of a strip, 0 for the whole file
  crop_left INTEGER, crop_top INTEGER, crop_width INTEGER, crop_height INTEGER,
  name TEXT NOT NULL,
  texture_class TEXT NOT NULL,
  kind TEXT NOT NULL,
  split TEXT NOT NULL CHECK (split IN ('train', 'test')),
  width INTEGER NOT NULL,
  height INTEGER NOT NULL,
  file_sha256 TEXT NOT NULL,
  file_bytes INTEGER NOT NULL,
  file_mtime_ms REAL NOT NULL,
  state TEXT NOT NULL DEFAULT 'present' CHECK (state IN ('present', 'missing', 'changed')),
  thumbnail TEXT REFERENCES blobs (sha256),
  position INTEGER NOT NULL,          -- order within the dataset
  UNIQUE (dataset_id, path, part)
) STRICT;
INSERT INTO images_next SELECT * FROM images;
DROP TABLE images;
ALTER TABLE images_next RENAME TO images;
CREATE INDEX images_by_class ON images (dataset_id, texture_class, position);
CREATE INDEX images_by_thumbnail ON images (thumbnail) WHERE thumbnail IS NOT NULL;

CREATE TABLE results_next (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  image_id INTEGER NOT NULL REFERENCES images ON DELETE CASCADE,
  method_id INTEGER NOT NULL REFERENCES methods,
  image_sha256 TEXT NOT NULL,
  model_sha256 TEXT NOT NULL DEFAULT '',   -- '' where no added model was used
  bank_sha256 TEXT NOT NULL DEFAULT '',    -- of the normal images of a memory bank, '' where there is none
  map TEXT NOT NULL REFERENCES blobs (sha256),
  map_width INTEGER NOT NULL, map_height INTEGER NOT NULL,
  width INTEGER NOT NULL, height INTEGER NOT NULL,
  cover_width REAL NOT NULL, cover_height REAL NOT NULL,
  min REAL NOT NULL, max REAL NOT NULL, threshold REAL NOT NULL,
  seconds TEXT NOT NULL,              -- JSON by stage
  device TEXT NOT NULL,
  versions TEXT NOT NULL,             -- JSON by name
  created_at TEXT NOT NULL,
  UNIQUE (image_id, method_id, image_sha256, model_sha256, bank_sha256)
) STRICT;
INSERT INTO results_next SELECT * FROM results;
DROP TABLE results;
ALTER TABLE results_next RENAME TO results;
CREATE INDEX results_by_method ON results (method_id, image_id);
CREATE INDEX results_by_map ON results (map);

CREATE TABLE runs_next (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  dataset_id INTEGER NOT NULL REFERENCES datasets ON DELETE CASCADE,
  classes TEXT,                       -- JSON array; null for all
  provider TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('waiting', 'running', 'paused', 'cancelled', 'done')),
  device TEXT NOT NULL DEFAULT '',
  owner TEXT,                         -- process that works on it, and until when its word holds
  owner_until_ms INTEGER,
  created_at TEXT NOT NULL,
  started_at TEXT,
  ended_at TEXT
) STRICT;
INSERT INTO runs_next SELECT * FROM runs;
DROP TABLE runs;
ALTER TABLE runs_next RENAME TO runs;

CREATE TABLE tasks_next (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  run_id INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE,
  image_id INTEGER NOT NULL REFERENCES images ON DELETE CASCADE,
  method_id INTEGER NOT NULL REFERENCES methods,
  state TEXT NOT NULL CHECK (state IN ('waiting', 'running', 'done', 'failed', 'cancelled')),
  error_code TEXT,
  error_message TEXT,
  priority INTEGER NOT NULL DEFAULT 0,
  UNIQUE (run_id, image_id, method_id)
) STRICT;
INSERT INTO tasks_next SELECT * FROM tasks;
DROP TABLE tasks;
ALTER TABLE tasks_next RENAME TO tasks;
CREATE INDEX tasks_by_state ON tasks (run_id, state, priority DESC, id);

CREATE TABLE sessions_next (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL,
  operator TEXT NOT NULL,
  dataset_id INTEGER NOT NULL REFERENCES datasets ON DELETE CASCADE,
  method_id INTEGER REFERENCES methods,
  filter TEXT NOT NULL,
  created_at TEXT NOT NULL,
  ended_at TEXT
) STRICT;
INSERT INTO sessions_next SELECT * FROM sessions;
DROP TABLE sessions;
ALTER TABLE sessions_next RENAME TO sessions;

CREATE TABLE store (id TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;   -- one row, once the store was opened
`;
