import type { Migration } from './migration.ts';

/**
 * Bit depths of 16-bit files. `used_bits` and `used_mean` describe the used range, NULL if the file defines its white
 * level. `bit_depth` is detected per class or set for the dataset. A trigger removes results with another bit depth.
 */
export const bitDepths: Migration = `
ALTER TABLE datasets ADD COLUMN bit_depth INTEGER CHECK (bit_depth BETWEEN 8 AND 16);
ALTER TABLE images ADD COLUMN used_bits INTEGER CHECK (used_bits BETWEEN 8 AND 16);
ALTER TABLE images ADD COLUMN used_mean REAL;
ALTER TABLE images ADD COLUMN bit_depth INTEGER CHECK (bit_depth BETWEEN 8 AND 16);
CREATE TRIGGER results_of_another_depth AFTER UPDATE OF bit_depth ON images WHEN OLD.bit_depth IS NOT NEW.bit_depth BEGIN
  DELETE FROM results WHERE image_id = NEW.id AND method_id IN (SELECT id FROM methods WHERE definition IS NOT NULL);
END;
`;
