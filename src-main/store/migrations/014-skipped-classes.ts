import type { Migration } from './migration.ts';

/** A run records the classes that its methods skip: a JSON array of method, classes and reason. */
export const skippedClasses: Migration = "ALTER TABLE runs ADD COLUMN skipped TEXT NOT NULL DEFAULT '[]'";
