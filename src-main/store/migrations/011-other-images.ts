import type { Migration } from './migration.ts';

/** Methods compare images with normal images, or with the other images of a set. One column identifies either. */
export const otherImages: Migration =
  'ALTER TABLE results RENAME COLUMN memory_bank_sha256 TO other_images_sha256';
