import type { Migration } from './migration.ts';

/**
 * Rolls are images with an article, a lot, a direction and a scale. A roll from a folder has frames. Assessments of defects are
 * added, never changed; the latest one of a place holds.
 */
export const rolls: Migration = `
CREATE TABLE rolls (
  image_id INTEGER PRIMARY KEY REFERENCES images ON DELETE CASCADE,
  article TEXT NOT NULL,
  lot TEXT NOT NULL,
  direction TEXT NOT NULL CHECK (direction IN ('down', 'right')),
  mm_across REAL CHECK (mm_across > 0),   -- millimeters per pixel; null for the scale of the class
  mm_along REAL CHECK (mm_along > 0),
  created_at TEXT NOT NULL,
  CHECK ((mm_across IS NULL) = (mm_along IS NULL))
) STRICT;

-- The files of a roll that is a folder, in order along the roll.
CREATE TABLE roll_frames (
  image_id INTEGER NOT NULL REFERENCES rolls ON DELETE CASCADE,
  sort_index INTEGER NOT NULL,
  name TEXT NOT NULL,
  offset_pixels INTEGER NOT NULL,         -- along the roll
  length_pixels INTEGER NOT NULL,
  sha256 TEXT NOT NULL,
  PRIMARY KEY (image_id, sort_index)
) STRICT, WITHOUT ROWID;

CREATE TABLE roll_assessments (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  image_id INTEGER NOT NULL REFERENCES rolls ON DELETE CASCADE,
  x INTEGER NOT NULL,                     -- pixels of the image, of the defect's highest score
  y INTEGER NOT NULL,
  verdict TEXT CHECK (verdict IN ('accept', 'reject', 'unsure')),
  kind TEXT NOT NULL,
  points INTEGER CHECK (points >= 0),     -- corrected; null for those of the rule
  reason TEXT NOT NULL,
  operator TEXT NOT NULL,
  created_at TEXT NOT NULL,
  CHECK (points IS NULL OR reason <> '')
) STRICT;
CREATE INDEX roll_assessments_by_image ON roll_assessments (image_id, id);
`;
