import type { Migration } from './migration.ts';

/**
 * Times are ISO 8601 in UTC. `blob` columns name files in `blobs/` by the SHA-256 of their bytes. Rows of
 * results, judgements and revisions are never changed. Later migrations rename tables and columns; 006 has
 * the current names.
 */
export const initialSchema: Migration = `
CREATE TABLE datasets (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  layout TEXT NOT NULL,
  root TEXT NOT NULL UNIQUE,
  border INTEGER NOT NULL,
  created_at TEXT NOT NULL
) STRICT;

CREATE TABLE images (
  id INTEGER PRIMARY KEY,
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
CREATE INDEX images_by_class ON images (dataset_id, texture_class, position);

CREATE TABLE blobs (
  sha256 TEXT PRIMARY KEY,
  bytes INTEGER NOT NULL,
  created_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE revisions (
  image_id INTEGER NOT NULL REFERENCES images ON DELETE CASCADE,
  revision INTEGER NOT NULL,
  ground_truth TEXT NOT NULL CHECK (ground_truth IN ('unknown', 'normal', 'masked')),
  mask TEXT REFERENCES blobs (sha256),
  author TEXT NOT NULL,
  source TEXT NOT NULL CHECK (source IN ('imported', 'drawn', 'restored')),
  pixels INTEGER NOT NULL,
  created_at TEXT NOT NULL,
  PRIMARY KEY (image_id, revision),
  CHECK ((ground_truth = 'masked') = (mask IS NOT NULL))
) STRICT, WITHOUT ROWID;
CREATE INDEX revisions_by_mask ON revisions (mask) WHERE mask IS NOT NULL;

CREATE TABLE methods (
  id INTEGER PRIMARY KEY,
  key TEXT NOT NULL UNIQUE,           -- canonical JSON of the definition, or 'imported:' and the label
  label TEXT NOT NULL UNIQUE,
  definition TEXT,                    -- JSON; null for imported maps
  created_at TEXT NOT NULL
) STRICT;

CREATE TABLE results (
  id INTEGER PRIMARY KEY,
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
CREATE INDEX results_by_method ON results (method_id, image_id);
CREATE INDEX results_by_map ON results (map);

CREATE TABLE runs (
  id INTEGER PRIMARY KEY,
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

CREATE TABLE tasks (
  id INTEGER PRIMARY KEY,
  run_id INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE,
  image_id INTEGER NOT NULL REFERENCES images ON DELETE CASCADE,
  method_id INTEGER NOT NULL REFERENCES methods,
  state TEXT NOT NULL CHECK (state IN ('waiting', 'running', 'done', 'failed', 'cancelled')),
  error_code TEXT,
  error_message TEXT,
  priority INTEGER NOT NULL DEFAULT 0,
  UNIQUE (run_id, image_id, method_id)
) STRICT;
CREATE INDEX tasks_by_state ON tasks (run_id, state, priority DESC, id);

CREATE TABLE evaluations (
  key TEXT PRIMARY KEY,               -- SHA-256 of everything that the figures depend on
  method_id INTEGER NOT NULL REFERENCES methods,
  dataset_id INTEGER NOT NULL REFERENCES datasets ON DELETE CASCADE,
  texture_class TEXT NOT NULL,
  outcome TEXT NOT NULL,              -- JSON: figures, and blobs of the full curves
  curves TEXT REFERENCES blobs (sha256),
  created_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE thresholds (
  dataset_id INTEGER NOT NULL REFERENCES datasets ON DELETE CASCADE,
  method_id INTEGER NOT NULL REFERENCES methods,
  texture_class TEXT NOT NULL,
  score REAL NOT NULL,
  PRIMARY KEY (dataset_id, method_id, texture_class)
) STRICT, WITHOUT ROWID;

CREATE TABLE sessions (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  operator TEXT NOT NULL,
  dataset_id INTEGER NOT NULL REFERENCES datasets ON DELETE CASCADE,
  method_id INTEGER REFERENCES methods,
  filter TEXT NOT NULL,
  created_at TEXT NOT NULL,
  ended_at TEXT
) STRICT;

CREATE TABLE session_images (
  session_id INTEGER NOT NULL REFERENCES sessions ON DELETE CASCADE,
  position INTEGER NOT NULL,
  image_id INTEGER NOT NULL REFERENCES images ON DELETE CASCADE,
  PRIMARY KEY (session_id, position),
  UNIQUE (session_id, image_id)
) STRICT, WITHOUT ROWID;

-- The latest row of an image that was not undone holds.
CREATE TABLE judgements (
  id INTEGER PRIMARY KEY,
  session_id INTEGER NOT NULL REFERENCES sessions ON DELETE CASCADE,
  image_id INTEGER NOT NULL REFERENCES images ON DELETE CASCADE,
  verdict TEXT NOT NULL CHECK (verdict IN ('accept', 'reject', 'unsure')),
  kind TEXT NOT NULL,
  note TEXT NOT NULL,
  created_at TEXT NOT NULL,
  undone INTEGER NOT NULL DEFAULT 0 CHECK (undone IN (0, 1))
) STRICT;
CREATE INDEX judgements_by_image ON judgements (session_id, image_id, id);

CREATE TABLE settings (
  name TEXT PRIMARY KEY,
  value TEXT NOT NULL                 -- JSON
) STRICT, WITHOUT ROWID;
`;
