import type { Migration } from './migration.ts';

/**
 * The scales of classes, and the resolutions that image files declare. A class adopts the scale of the recipe that decides it. Image
 * scores of limits in millimeters depend on the direction of a roll.
 */
export const scales: Migration = `
CREATE TABLE class_scales (
  dataset_id INTEGER NOT NULL REFERENCES datasets ON DELETE CASCADE,
  texture_class TEXT NOT NULL,
  mm_across REAL NOT NULL CHECK (mm_across > 0), -- millimeters per pixel
  mm_along REAL NOT NULL CHECK (mm_along > 0),
  source TEXT NOT NULL CHECK (source IN ('file', 'typed', 'measured')),
  author TEXT NOT NULL,                          -- empty for a scale from files
  created_at TEXT NOT NULL,
  PRIMARY KEY (dataset_id, texture_class)
) STRICT, WITHOUT ROWID;

INSERT INTO class_scales
SELECT dataset_id, texture_class, json_extract(definition, '$.mmPerPixel'), json_extract(definition, '$.mmPerPixel'), 'typed', author,
  created_at
FROM class_recipes AS c JOIN recipe_revisions AS r ON r.recipe_id = c.recipe_id
  AND r.revision = (SELECT max(revision) FROM recipe_revisions WHERE recipe_id = c.recipe_id)
WHERE json_extract(definition, '$.mmPerPixel') IS NOT NULL;

-- Width and height of a pixel in millimeters by the file's resolution; null if the file declares none.
ALTER TABLE images ADD COLUMN pixel_width_mm REAL;
ALTER TABLE images ADD COLUMN pixel_height_mm REAL;

CREATE TRIGGER image_scores_of_new_roll AFTER INSERT ON rolls BEGIN
  DELETE FROM image_scores WHERE result_id IN (SELECT id FROM results WHERE image_id = NEW.image_id);
END;
CREATE TRIGGER image_scores_of_turned_roll AFTER UPDATE OF direction ON rolls WHEN OLD.direction <> NEW.direction BEGIN
  DELETE FROM image_scores WHERE result_id IN (SELECT id FROM results WHERE image_id = NEW.image_id);
END;
CREATE TRIGGER image_scores_of_former_roll AFTER DELETE ON rolls BEGIN
  DELETE FROM image_scores WHERE result_id IN (SELECT id FROM results WHERE image_id = OLD.image_id);
END;
`;
