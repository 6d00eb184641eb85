import { accessSync, constants, existsSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import Database from 'better-sqlite3';
import { PerchError } from '../api/errors.ts';
import { migrations } from './migrations/migrations.ts';

export type Connection = Database.Database;

/** How long one process waits for another's write. */
const PATIENCE_MS = 10_000;

/**
 * Opens the database, makes it where it is missing, and brings its schema up to date; before that a copy of it is made beside
 * it. Several processes may have it open at once.
 *
 * @throws PerchError `STORE_TOO_NEW`, `STORE_UNUSABLE`, `STORE_BUSY`, `DISK_FULL`
 */
export function openDatabase(file: string): Connection {
  try {
    mkdirSync(dirname(file), { recursive: true });
    const existed = existsSync(file);
    // SQLite opens what can only be read without a word, and fails at the first write.
    for (const path of existed ? [dirname(file), file] : [dirname(file)]) accessSync(path, constants.W_OK);
    const database = new Database(file, { timeout: PATIENCE_MS });
    try {
      database.pragma('journal_mode = WAL');
      database.pragma('synchronous = FULL');
      database.pragma('foreign_keys = ON');
      migrate(database, file, existed);
      return database;
    } catch (thrown) {
      database.close();
      throw thrown;
    }
  } catch (cause) {
    throw storeError(file, cause);
  }
}

function migrate(database: Connection, file: string, existed: boolean): void {
  const version = () => database.pragma('user_version', { simple: true }) as number;
  if (version() > migrations.length) {
    throw new PerchError(
      'STORE_TOO_NEW',
      `${file} was written by a newer Perch (schema ${version()}, this one knows ${migrations.length}). Update Perch, or name another folder with PERCH_HOME.`,
    );
  }
  if (version() === migrations.length) return;
  if (existed && version() > 0)
    database.prepare('VACUUM INTO ?').run(`${file}.v${version()}-${Date.now()}.bak`);
  // IMMEDIATE: of two processes that start at once, the second waits and then finds nothing to do.
  const run = database.transaction(() => {
    for (let next = version(); next < migrations.length; next++) {
      database.exec(migrations[next]);
      database.pragma(`user_version = ${next + 1}`);
    }
  });
  run.immediate();
}

/**
 * Does a piece of work that writes in one transaction: all of it is kept, or nothing. Within another it is part of that one.
 *
 * @throws PerchError `STORE_BUSY`, `STORE_UNUSABLE`, `DISK_FULL`, and what `work` throws
 */
export function writing<Result>(database: Connection, work: () => Result): Result {
  try {
    // IMMEDIATE: waiting for another process happens before anything was read, so that nothing read is out of date.
    return database.transaction(work).immediate();
  } catch (cause) {
    throw cause instanceof Database.SqliteError ? storeError(database.name, cause) : cause;
  }
}

/** The typed error for a thrown value of the database; one that is typed already is passed through. */
export function storeError(file: string, cause: unknown): PerchError {
  if (cause instanceof PerchError) return cause;
  const { code = '', message = String(cause) } = cause as { code?: string; message?: string };
  if (code.startsWith('SQLITE_FULL') || code === 'ENOSPC')
    return new PerchError(
      'DISK_FULL',
      `${file} could not be written: the disk is full. Free some space.`,
      cause,
    );
  if (code.startsWith('SQLITE_BUSY') || code.startsWith('SQLITE_LOCKED'))
    return new PerchError('STORE_BUSY', `${file} is held by another program for too long. Try again.`, cause);
  if (code.startsWith('SQLITE_CORRUPT') || code.startsWith('SQLITE_NOTADB')) {
    return new PerchError(
      'STORE_UNUSABLE',
      `${file} is damaged (${message}). Put it aside and take the newest copy beside it (${file}.*.bak), or start anew without it.`,
      cause,
    );
  }
  return new PerchError(
    'STORE_UNUSABLE',
    `${file} cannot be used (${code || message}). Check the rights on its folder, or name another with PERCH_HOME.`,
    cause,
  );
}
