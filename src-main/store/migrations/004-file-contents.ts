import type { Migration } from './migration.ts';

/**
 * The content of files at the time of import. `mask_files` is a JSON array of paths (relative to the dataset's root) and
 * SHA-256 sums; NULL if an earlier version imported the image. The change time differs after any replacement, even by a file
 * with an older modification time; 0 matches no file.
 */
export const fileContents: Migration = `
ALTER TABLE images ADD COLUMN mask_files TEXT CHECK (mask_files IS NULL OR json_valid(mask_files));
ALTER TABLE images ADD COLUMN file_ctime_ms REAL NOT NULL DEFAULT 0;
`;
