import type Database from 'better-sqlite3';
import type { Migration } from './migration.ts';
import { renameMethodKeys } from './method-keys.ts';

/**
 * Gives tables, columns, indexes, states and the keys of stored JSON the names that the domain uses. Ids, blobs and the keys of
 * evaluations stay as they are, so that every stored result is still found.
 */
export const domainNames: Migration = (database) => {
  database.exec(`
    ALTER TABLE datasets RENAME COLUMN border TO ignore_border;
    UPDATE datasets SET layout = 'defect-types' WHERE layout = 'kinds';

    ALTER TABLE images RENAME COLUMN part TO tile_index;
    ALTER TABLE images RENAME COLUMN kind TO defect_type;
    ALTER TABLE images RENAME COLUMN position TO sort_index;

    ALTER TABLE results RENAME COLUMN cover_width TO extent_width;
    ALTER TABLE results RENAME COLUMN cover_height TO extent_height;
    ALTER TABLE results RENAME COLUMN bank_sha256 TO memory_bank_sha256;

    ALTER TABLE session_images RENAME COLUMN position TO sort_index;
    ALTER TABLE judgements RENAME TO verdicts;
    ALTER TABLE verdicts RENAME COLUMN kind TO defect_type;
    ALTER TABLE verdicts RENAME COLUMN undone TO revoked;
    DROP INDEX judgements_by_image;
    CREATE INDEX verdicts_by_image ON verdicts (session_id, image_id, id);

    UPDATE settings SET name = 'autoAdvance' WHERE name = 'advances';
  `);
  rebuildRuns(database);
  renameMethods(database);
  renameMetrics(database);
};

/** SQLite cannot change a CHECK, so the tables with a state are created again. */
function rebuildRuns(database: Database.Database): void {
  database.exec(`
    CREATE TABLE runs_next (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      dataset_id INTEGER NOT NULL REFERENCES datasets ON DELETE CASCADE,
      classes TEXT,                       -- JSON array; null for all
      provider TEXT NOT NULL,
      state TEXT NOT NULL CHECK (state IN ('waiting', 'running', 'paused', 'canceled', 'done')),
      device TEXT NOT NULL DEFAULT '',
      lease_owner TEXT,                   -- the process that works on it, null if none does
      lease_expires_at_ms INTEGER,        -- ms since 1970
      created_at TEXT NOT NULL,
      started_at TEXT,
      ended_at TEXT
    ) STRICT;
    INSERT INTO runs_next SELECT id, dataset_id, classes, provider, replace(state, 'cancelled', 'canceled'), device,
      owner, owner_until_ms, created_at, started_at, ended_at FROM runs;

    CREATE TABLE run_items (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      run_id INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE,
      image_id INTEGER NOT NULL REFERENCES images ON DELETE CASCADE,
      method_id INTEGER NOT NULL REFERENCES methods,
      state TEXT NOT NULL CHECK (state IN ('waiting', 'running', 'done', 'failed', 'canceled')),
      error_code TEXT,
      error_message TEXT,
      priority INTEGER NOT NULL DEFAULT 0,
      UNIQUE (run_id, image_id, method_id)
    ) STRICT;
    INSERT INTO run_items SELECT id, run_id, image_id, method_id, replace(state, 'cancelled', 'canceled'),
      replace(error_code, 'CANCELLED', 'CANCELED'), error_message, priority FROM tasks;

    -- Ids of removed rows are never used again.
    DELETE FROM sqlite_sequence WHERE name IN ('runs_next', 'run_items');
    INSERT INTO sqlite_sequence SELECT 'runs_next', seq FROM sqlite_sequence WHERE name = 'runs';
    INSERT INTO sqlite_sequence SELECT 'run_items', seq FROM sqlite_sequence WHERE name = 'tasks';
    DROP TABLE tasks;
    DROP TABLE runs;
    ALTER TABLE runs_next RENAME TO runs;
    CREATE INDEX run_items_by_state ON run_items (run_id, state, priority DESC, id);
  `);
}

/** The key of a method is the canonical JSON of its definition, so both change together. */
function renameMethods(database: Database.Database): void {
  const rows = database
    .prepare<[], { id: number; definition: string }>(
      'SELECT id, definition FROM methods WHERE definition IS NOT NULL',
    )
    .all();
  const update = database.prepare('UPDATE methods SET key = @text, definition = @text WHERE id = @id');
  for (const { id, definition } of rows)
    update.run({ id, text: sortedJson(renameMethodKeys(JSON.parse(definition))) });
}

const METRICS: Readonly<Record<string, string>> = {
  pro: 'auPro',
  aupr: 'averagePrecision',
  f1: 'f1Max',
  f1Threshold: 'f1MaxThreshold',
  regionRecall: 'meanRegionOverlap',
};

/** Rows with curves are metrics of a class, rows without are histograms. */
function renameMetrics(database: Database.Database): void {
  const rows = database
    .prepare<[], { key: string; outcome: string }>(
      'SELECT key, outcome FROM evaluations WHERE curves IS NOT NULL',
    )
    .all();
  const update = database.prepare('UPDATE evaluations SET outcome = ? WHERE key = ?');
  for (const { key, outcome } of rows) {
    const metrics = Object.entries(JSON.parse(outcome) as object);
    update.run(
      JSON.stringify(Object.fromEntries(metrics.map(([name, value]) => [METRICS[name] ?? name, value]))),
      key,
    );
  }
}

/** JSON with sorted object keys, like the store's method keys. */
function sortedJson(value: unknown): string {
  return JSON.stringify(value, (_key, each: unknown) =>
    each !== null && typeof each === 'object' && !Array.isArray(each)
      ? Object.fromEntries(Object.entries(each).sort(([a], [b]) => (a < b ? -1 : 1)))
      : each,
  );
}
