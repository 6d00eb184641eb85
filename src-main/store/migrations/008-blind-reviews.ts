import type { Migration } from './migration.ts';

/**
 * Blind sessions, groups of sessions of several operators, adjudications, and the revisions that come from gold verdicts.
 * In earlier versions, blind review was a window setting. Unfinished sessions keep it, so that their images
 * stay hidden.
 */
export const blindReviews: Migration = `
CREATE TABLE review_groups (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  dataset_id INTEGER NOT NULL REFERENCES datasets ON DELETE CASCADE,
  overlap REAL NOT NULL CHECK (overlap BETWEEN 0 AND 1),   -- share of the images that all operators review
  created_at TEXT NOT NULL
) STRICT;

ALTER TABLE sessions ADD COLUMN blind INTEGER NOT NULL DEFAULT 0 CHECK (blind IN (0, 1));
ALTER TABLE sessions ADD COLUMN heatmap_hidden INTEGER NOT NULL DEFAULT 0 CHECK (heatmap_hidden IN (0, 1));
ALTER TABLE sessions ADD COLUMN group_id INTEGER REFERENCES review_groups ON DELETE SET NULL;
UPDATE sessions SET blind = 1
  WHERE ended_at IS NULL AND NOT EXISTS (SELECT 1 FROM settings WHERE name = 'blindReview' AND value = 'false');
DELETE FROM settings WHERE name = 'blindReview';

CREATE TABLE adjudications (
  session_id INTEGER PRIMARY KEY REFERENCES sessions ON DELETE CASCADE,
  first_session_id INTEGER NOT NULL REFERENCES sessions ON DELETE CASCADE,
  second_session_id INTEGER NOT NULL REFERENCES sessions ON DELETE CASCADE,
  CHECK (first_session_id <> second_session_id)
) STRICT;
CREATE INDEX adjudications_by_first ON adjudications (first_session_id);
CREATE INDEX adjudications_by_second ON adjudications (second_session_id);

-- SQLite cannot change a CHECK.
CREATE TABLE revisions_next (
  image_id INTEGER NOT NULL REFERENCES images ON DELETE CASCADE,
  revision INTEGER NOT NULL,
  ground_truth TEXT NOT NULL CHECK (ground_truth IN ('unknown', 'normal', 'masked')),
  mask TEXT REFERENCES blobs (sha256),
  author TEXT NOT NULL,
  source TEXT NOT NULL CHECK (source IN ('imported', 'drawn', 'restored', 'adjudicated')),
  pixels INTEGER NOT NULL,
  created_at TEXT NOT NULL,
  PRIMARY KEY (image_id, revision),
  CHECK ((ground_truth = 'masked') = (mask IS NOT NULL))
) STRICT, WITHOUT ROWID;
INSERT INTO revisions_next SELECT image_id, revision, ground_truth, mask, author, source, pixels, created_at FROM revisions;
DROP TABLE revisions;
ALTER TABLE revisions_next RENAME TO revisions;
CREATE INDEX revisions_by_mask ON revisions (mask) WHERE mask IS NOT NULL;
`;
