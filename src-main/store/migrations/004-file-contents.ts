import type { Migration } from './migration.ts';

/**
 * What the files of an image held when they were imported: `mask_files` is a JSON array of paths, relative to the dataset's root, and
 * SHA-256 sums of its masks, NULL where an earlier version imported them. The change time moves whenever a file is replaced, also by
 * one with an older modification time; 0 is that of no file.
 */
export const fileContents: Migration = `
ALTER TABLE images ADD COLUMN mask_files TEXT CHECK (mask_files IS NULL OR json_valid(mask_files));
ALTER TABLE images ADD COLUMN file_ctime_ms REAL NOT NULL DEFAULT 0;
`;
