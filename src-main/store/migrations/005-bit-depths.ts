import type { Migration } from './migration.ts';

/**
 * How values of 16-bit files are read. `used_bits` and `used_mean` are what an import found in an image, NULL where its file says what
 * white is; `bit_depth` is what it is read as, by its class or by what was set for the dataset. Results of another depth are no results.
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
