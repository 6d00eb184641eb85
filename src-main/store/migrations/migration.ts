import type Database from 'better-sqlite3';

/**
 * Migrates the schema from the previous version to the next: SQL, or a function if SQL is not enough. All
 * migrations run in one transaction with foreign keys off. A released migration never changes, so it uses no
 * code that may change.
 */
export type Migration = string | ((database: Database.Database) => void);
