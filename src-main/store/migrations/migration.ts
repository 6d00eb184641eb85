import type Database from 'better-sqlite3';

/**
 * Migrates the schema from the previous version to the next: SQL, or a function if SQL is not enough. All of them run in one
 * transaction, with foreign keys off until it ends. A migration never changes once it was released, so it uses no code that may.
 */
export type Migration = string | ((database: Database.Database) => void);
