import type { Migration } from './migration.ts';

/**
 * Stations watch a folder. Each file that arrives is a piece, in order of arrival. A piece that is pruned loses its image and its
 * result and keeps its row. Counters of shifts are written with the pieces that they count.
 */
export const stations: Migration = `
CREATE TABLE stations (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL UNIQUE,
  folder TEXT NOT NULL UNIQUE,
  dataset_id INTEGER NOT NULL REFERENCES datasets,
  texture_class TEXT NOT NULL,
  recipe_id INTEGER NOT NULL REFERENCES recipes,
  watched INTEGER NOT NULL DEFAULT 0 CHECK (watched IN (0, 1)),   -- whether a process watches it, or should
  polling INTEGER NOT NULL CHECK (polling IN (0, 1)),
  shifts TEXT NOT NULL CHECK (json_valid(shifts)),                -- array of local times, HH:MM
  alarm_after INTEGER NOT NULL CHECK (alarm_after >= 0),
  keep TEXT NOT NULL CHECK (json_valid(keep)),
  alarm TEXT CHECK (alarm IS NULL OR json_valid(alarm)),
  acknowledged_sequence INTEGER NOT NULL DEFAULT 0,               -- only later pieces raise an alarm
  lease_owner TEXT,
  lease_expires_at_ms INTEGER,                                    -- ms since 1970
  created_at TEXT NOT NULL
) STRICT;
CREATE INDEX stations_by_dataset ON stations (dataset_id);
CREATE INDEX stations_by_recipe ON stations (recipe_id);

CREATE TABLE pieces (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  station_id INTEGER NOT NULL REFERENCES stations ON DELETE CASCADE,
  sequence INTEGER NOT NULL CHECK (sequence > 0),
  file TEXT NOT NULL,                     -- relative to the folder, with /
  bytes INTEGER NOT NULL,
  mtime_ms REAL NOT NULL,
  sha256 TEXT,                            -- null until the file is read
  image_id INTEGER REFERENCES images ON DELETE SET NULL,
  result_id INTEGER REFERENCES results ON DELETE SET NULL,
  verdict_id INTEGER REFERENCES verdicts ON DELETE SET NULL,
  state TEXT NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'decided', 'failed', 'dropped')),
  decision TEXT CHECK (decision IN ('pass', 'review', 'reject')),
  score REAL,
  reason TEXT NOT NULL DEFAULT '',
  recipe_id INTEGER REFERENCES recipes ON DELETE SET NULL,        -- that decided it
  revision INTEGER,                       -- of the recipe
  regions TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(regions)),
  regions_total INTEGER NOT NULL DEFAULT 0,
  shift TEXT,                             -- that counts it
  arrived_at TEXT NOT NULL,
  decided_at TEXT,
  seconds REAL,
  error TEXT CHECK (error IS NULL OR json_valid(error)),
  duplicate_of INTEGER REFERENCES pieces ON DELETE SET NULL,
  pruned INTEGER NOT NULL DEFAULT 0 CHECK (pruned IN (0, 1)),
  UNIQUE (station_id, sequence)
) STRICT;
CREATE INDEX pieces_by_file ON pieces (station_id, file);
CREATE INDEX pieces_by_content ON pieces (station_id, sha256) WHERE sha256 IS NOT NULL;
CREATE INDEX pieces_waiting ON pieces (station_id, sequence) WHERE state = 'waiting';
CREATE INDEX pieces_with_image ON pieces (station_id, sequence) WHERE image_id IS NOT NULL;
CREATE INDEX pieces_by_decision ON pieces (station_id, decided_at) WHERE decided_at IS NOT NULL;
CREATE INDEX pieces_by_shift ON pieces (station_id, shift, sequence) WHERE shift IS NOT NULL;
CREATE INDEX pieces_by_image ON pieces (image_id) WHERE image_id IS NOT NULL;
CREATE INDEX pieces_by_result ON pieces (result_id) WHERE result_id IS NOT NULL;
CREATE INDEX pieces_by_verdict ON pieces (verdict_id) WHERE verdict_id IS NOT NULL;
CREATE INDEX pieces_by_recipe ON pieces (recipe_id) WHERE recipe_id IS NOT NULL;
CREATE INDEX pieces_by_original ON pieces (duplicate_of) WHERE duplicate_of IS NOT NULL;

CREATE TABLE station_shifts (
  station_id INTEGER NOT NULL REFERENCES stations ON DELETE CASCADE,
  shift TEXT NOT NULL,                    -- local date and time of its start
  from_at TEXT NOT NULL,
  to_at TEXT NOT NULL,
  pass INTEGER NOT NULL DEFAULT 0,
  review INTEGER NOT NULL DEFAULT 0,
  reject INTEGER NOT NULL DEFAULT 0,
  undecided INTEGER NOT NULL DEFAULT 0,
  failed INTEGER NOT NULL DEFAULT 0,
  dropped INTEGER NOT NULL DEFAULT 0,
  duplicates INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (station_id, shift)
) STRICT, WITHOUT ROWID;

-- The review session of an operator in a shift.
CREATE TABLE station_sessions (
  station_id INTEGER NOT NULL REFERENCES stations ON DELETE CASCADE,
  shift TEXT NOT NULL,
  operator TEXT NOT NULL,
  session_id INTEGER NOT NULL REFERENCES sessions ON DELETE CASCADE,
  PRIMARY KEY (station_id, shift, operator)
) STRICT, WITHOUT ROWID;
CREATE INDEX station_sessions_by_session ON station_sessions (session_id);
`;
