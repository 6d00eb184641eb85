import type Database from 'better-sqlite3';
import type { Migration } from './migration.ts';

/**
 * Recipes with their revisions, the classes that they decide, inspection regions, marks of good images, and a cache of image scores.
 * Rows of `recipe_revisions` never change. Results depend on the inspection region, which becomes part of
 * their key.
 */
export const recipes: Migration = (database) => {
  rebuildResults(database);
  database.exec(`
    CREATE TABLE class_regions (
      dataset_id INTEGER NOT NULL REFERENCES datasets ON DELETE CASCADE,
      texture_class TEXT NOT NULL,
      region TEXT NOT NULL CHECK (json_valid(region)),
      sha256 TEXT NOT NULL,               -- of the region's canonical JSON
      author TEXT NOT NULL,
      created_at TEXT NOT NULL,
      PRIMARY KEY (dataset_id, texture_class)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE recipes (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      name TEXT NOT NULL UNIQUE,
      locked_by TEXT,
      locked_at TEXT,
      created_at TEXT NOT NULL,
      CHECK ((locked_by IS NULL) = (locked_at IS NULL))
    ) STRICT;

    CREATE TABLE recipe_revisions (
      recipe_id INTEGER NOT NULL REFERENCES recipes ON DELETE CASCADE,
      revision INTEGER NOT NULL CHECK (revision > 0),
      author TEXT NOT NULL,
      reason TEXT NOT NULL,
      changes TEXT NOT NULL CHECK (json_valid(changes)),       -- array of lines
      definition TEXT NOT NULL CHECK (json_valid(definition)), -- canonical JSON
      sha256 TEXT NOT NULL,               -- of the definition
      created_at TEXT NOT NULL,
      PRIMARY KEY (recipe_id, revision)
    ) STRICT, WITHOUT ROWID;

    -- The recipe that decides a class. It cannot be removed meanwhile.
    CREATE TABLE class_recipes (
      dataset_id INTEGER NOT NULL REFERENCES datasets ON DELETE CASCADE,
      texture_class TEXT NOT NULL,
      recipe_id INTEGER NOT NULL REFERENCES recipes,
      PRIMARY KEY (dataset_id, texture_class)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX class_recipes_by_recipe ON class_recipes (recipe_id);

    -- Images that a person marked as good for calibration.
    CREATE TABLE calibration_marks (
      image_id INTEGER PRIMARY KEY REFERENCES images ON DELETE CASCADE,
      author TEXT NOT NULL,
      created_at TEXT NOT NULL
    ) STRICT;

    -- What image scores depend on besides the result.
    CREATE TABLE score_settings (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      dataset_id INTEGER NOT NULL REFERENCES datasets ON DELETE CASCADE,
      texture_class TEXT NOT NULL,
      settings TEXT NOT NULL CHECK (json_valid(settings)),     -- canonical JSON
      UNIQUE (dataset_id, texture_class, settings)
    ) STRICT;

    CREATE TABLE image_scores (
      settings_id INTEGER NOT NULL REFERENCES score_settings ON DELETE CASCADE,
      result_id INTEGER NOT NULL REFERENCES results ON DELETE CASCADE,
      score REAL,                         -- null if no region can have the required size
      region_count INTEGER,               -- regions above the review threshold; null unless the recipe limits them
      region_area REAL,
      PRIMARY KEY (settings_id, result_id),
      CHECK ((region_count IS NULL) = (region_area IS NULL))
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX image_scores_by_result ON image_scores (result_id);
  `);
};

/** SQLite cannot change a UNIQUE constraint, so the table is created again, with the trigger that refers to it. */
function rebuildResults(database: Database.Database): void {
  const trigger = database
    .prepare<[], string>("SELECT sql FROM sqlite_master WHERE name = 'results_of_another_depth'")
    .pluck()
    .get();
  database.exec(`
    DROP TRIGGER results_of_another_depth;
    CREATE TABLE results_next (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      image_id INTEGER NOT NULL REFERENCES images ON DELETE CASCADE,
      method_id INTEGER NOT NULL REFERENCES methods,
      image_sha256 TEXT NOT NULL,
      model_sha256 TEXT NOT NULL DEFAULT '',       -- '' if no imported model was used
      memory_bank_sha256 TEXT NOT NULL DEFAULT '', -- of the normal images of a memory bank, '' if there is none
      region_sha256 TEXT NOT NULL DEFAULT '',      -- of the inspection region, '' for the whole image
      map TEXT NOT NULL REFERENCES blobs (sha256),
      map_width INTEGER NOT NULL, map_height INTEGER NOT NULL,
      width INTEGER NOT NULL, height INTEGER NOT NULL,
      extent_width REAL NOT NULL, extent_height REAL NOT NULL,
      min REAL NOT NULL, max REAL NOT NULL, threshold REAL NOT NULL,
      seconds TEXT NOT NULL,              -- JSON by stage
      device TEXT NOT NULL,
      versions TEXT NOT NULL,             -- JSON by name
      created_at TEXT NOT NULL,
      UNIQUE (image_id, method_id, image_sha256, model_sha256, memory_bank_sha256, region_sha256)
    ) STRICT;
    INSERT INTO results_next SELECT id, image_id, method_id, image_sha256, model_sha256, memory_bank_sha256, '', map, map_width,
      map_height, width, height, extent_width, extent_height, min, max, threshold, seconds, device, versions, created_at FROM results;

    -- Ids of removed rows are never used again.
    DELETE FROM sqlite_sequence WHERE name = 'results_next';
    INSERT INTO sqlite_sequence SELECT 'results_next', seq FROM sqlite_sequence WHERE name = 'results';
    DROP TABLE results;
    ALTER TABLE results_next RENAME TO results;
    CREATE INDEX results_by_method ON results (method_id, image_id);
    CREATE INDEX results_by_map ON results (map);
    ${trigger};
  `);
}
