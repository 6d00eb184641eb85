import { accessSync, constants, existsSync, readdirSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import Database from 'better-sqlite3';
import { PerchError } from '../common/api/errors.ts';
import { makeFolderSync } from '../files/make-folder.ts';
import { registerActor } from './actor.ts';
import { listBackups, backUpBeforeMigration, newestUsableBackup } from './backups.ts';
import { migrate, SCHEMA_VERSION, versionOf } from './migrations/migrations.ts';

export type Connection = Database.Database;

/** Maximum time that a process waits for another one's write. */
const BUSY_TIMEOUT_MS = 10_000;
/** Pause between two attempts to switch to write-ahead logging. */
const BUSY_PAUSE_MS = 20;

/**
 * Opens the database, creates it if it is missing, and migrates its schema after making a backup. Several
 * processes may open it.
 *
 * @throws PerchError `STORE_TOO_NEW`, `STORE_UNUSABLE`, `STORE_BUSY`, `DISK_FULL`
 */
export function openDatabase(file: string): Connection {
  try {
    makeFolderSync(dirname(file));
    assertNotLost(file);
    // SQLite opens a read-only file without an error and fails at the first write.
    for (const path of existsSync(file) ? [dirname(file), file] : [dirname(file)])
      accessSync(path, constants.W_OK);
    const database = new Database(file, { timeout: BUSY_TIMEOUT_MS });
    try {
      registerActor(database);
      assertSupportedSchema(database);
      switchToWal(database);
      database.pragma('synchronous = FULL');
      // A migration may rebuild a table that other tables refer to.
      database.pragma('foreign_keys = OFF');
      bringUpToDate(database);
      database.pragma('foreign_keys = ON');
      return database;
    } catch (thrown) {
      database.close();
      throw thrown;
    }
  } catch (cause) {
    throw storeError(file, cause);
  }
}

/**
 * Switches to write-ahead logging, which several processes may do at the same time when they create a database. SQLite then fails
 * at once instead of waiting.
 */
function switchToWal(database: Connection): void {
  const deadline = performance.now() + BUSY_TIMEOUT_MS;
  for (;;) {
    try {
      database.pragma('journal_mode = WAL');
      return;
    } catch (cause) {
      if ((cause as { code?: unknown }).code !== 'SQLITE_BUSY' || performance.now() > deadline) throw cause;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, BUSY_PAUSE_MS);
    }
  }
}

/** @throws PerchError if this version does not support the schema, before anything is written */
function assertSupportedSchema(database: Connection): void {
  const file = database.name;
  // In a transaction, because another process may create the schema at the same time.
  const probe = database.transaction(() => ({
    version: versionOf(database),
    table: database.prepare<[], string>("SELECT name FROM sqlite_master WHERE type = 'table'").pluck().get(),
  }));
  const { version, table } = probe();
  if (version > SCHEMA_VERSION) {
    throw new PerchError(
      'STORE_TOO_NEW',
      `${file} was written by a newer Perch (schema ${version}, this one knows ${SCHEMA_VERSION}). Update Perch, or name another folder with PERCH_HOME.`,
    );
  }
  if (version < 0) throw damaged(file, `its schema has version ${version}`);
  if (version > 0) return;
  if (table !== undefined)
    throw damaged(file, `it has tables, such as "${table.slice(0, 40)}", but no schema version of Perch`);
  const left = traces(file);
  if (left !== undefined && versionOf(database) === 0)
    throw damaged(file, `it is empty, but ${left} belongs to it`);
}

function bringUpToDate(database: Connection): void {
  const version = versionOf(database);
  if (version === SCHEMA_VERSION) return;
  if (version > 0) backUpBeforeMigration(database, version);
  // IMMEDIATE: if two processes start at the same time, the second waits and then finds nothing to do.
  database.transaction(() => migrate(database)).immediate();
}

/** Refuses a missing or empty database whose files exist, because a garbage collection would remove all of them. */
function assertNotLost(file: string): void {
  const found = statSync(file, { throwIfNoEntry: false });
  if (found && !found.isFile())
    throw new PerchError('STORE_UNUSABLE', `${file} is not a regular file. Move it to another folder.`);
  const size = () => statSync(file, { throwIfNoEntry: false })?.size ?? -1;
  if (size() > 0) return;
  const left = traces(file);
  // Another process may have just created the database and its first files.
  if (left === undefined || size() > 0) return;
  throw new PerchError(
    'STORE_UNUSABLE',
    `${file} ${size() === 0 ? 'is empty' : 'is missing'}, but ${left} belongs to it. Nothing was changed. ${restoring(file)} ` +
      `To begin a new store, move ${left} to another folder first, or name another folder with PERCH_HOME.`,
  );
}

/** A path of the store, other than the database, that exists. */
function traces(file: string): string | undefined {
  const isKept = (folder: string) =>
    readdirSync(folder, { withFileTypes: true }).some(
      (entry) => entry.isDirectory() && readdirSync(join(folder, entry.name)).length > 0,
    );
  for (const name of ['blobs', 'imports']) {
    const folder = join(dirname(file), name);
    if (existsSync(folder) && isKept(folder)) return folder;
  }
  const log = `${file}-wal`;
  if ((statSync(log, { throwIfNoEntry: false })?.size ?? 0) > 0 && !existsSync(file)) return log;
  return listBackups(file).at(0)?.path;
}

/** How to restore a lost database, in sentences. */
function restoring(file: string): string {
  const aside = `${file} with ${basename(file)}-wal and ${basename(file)}-shm, if they exist,`;
  const copy = newestUsableBackup(file);
  if (!copy)
    return `It has no usable copy. Move ${aside} to another folder and restore it from your own backup.`;
  const of = new Date(copy.mtimeMs).toISOString().slice(0, 16).replace('T', ' ');
  return `Move ${aside} to another folder, then rename the newest copy, ${copy.path} (${of} UTC), to ${basename(file)}.`;
}

/** The error for a damaged database. */
export function damaged(file: string, reason: string, cause?: unknown): PerchError {
  return new PerchError(
    'STORE_UNUSABLE',
    `${file} is damaged (${reason}). Nothing was changed. ${restoring(file)}`,
    cause,
  );
}

/**
 * Runs `work` in a transaction. A nested call is part of the outer transaction.
 *
 * @throws PerchError `STORE_BUSY`, `STORE_UNUSABLE`, `DISK_FULL`, and what `work` throws
 */
export function transaction<Result>(database: Connection, work: () => Result): Result {
  try {
    // IMMEDIATE takes the write lock before the first read, so that all reads are current.
    return database.transaction(work).immediate();
  } catch (cause) {
    if (!(cause instanceof Database.SqliteError)) throw cause;
    throw violation(cause) ?? storeError(database.name, cause);
  }
}

/**
 * The error for a violated constraint, which occurs if another window or process changed the same rows first.
 */
function violation(cause: InstanceType<typeof Database.SqliteError>): PerchError | undefined {
  if (cause.code === 'SQLITE_CONSTRAINT_FOREIGNKEY') {
    return new PerchError(
      'NOT_FOUND',
      'Another window or process removed the item that this belongs to. Reload the window.',
      cause,
    );
  }
  if (cause.code === 'SQLITE_CONSTRAINT_UNIQUE' || cause.code === 'SQLITE_CONSTRAINT_PRIMARYKEY') {
    return new PerchError(
      'CONFLICT',
      'Another window or process has changed the same data. Review it and try again.',
      cause,
    );
  }
  // Any other violated constraint is a bug.
  return cause.code.startsWith('SQLITE_CONSTRAINT')
    ? new PerchError('INTERNAL', cause.message, cause)
    : undefined;
}

/** Converts a database error to a `PerchError`. A `PerchError` passes unchanged. */
export function storeError(file: string, cause: unknown): PerchError {
  if (cause instanceof PerchError) return cause;
  const { code = '', message = String(cause) } = cause as { code?: string; message?: string };
  if (code.startsWith('SQLITE_FULL') || code === 'ENOSPC')
    return new PerchError(
      'DISK_FULL',
      `Could not write ${file} because the disk is full. Free some space.`,
      cause,
    );
  if (code.startsWith('SQLITE_BUSY') || code.startsWith('SQLITE_LOCKED'))
    return new PerchError('STORE_BUSY', `Another program locked ${file} for too long. Try again.`, cause);
  if (code.startsWith('SQLITE_CORRUPT') || code.startsWith('SQLITE_NOTADB'))
    return damaged(file, message, cause);
  return new PerchError(
    'STORE_UNUSABLE',
    `Cannot use ${file} (${code || message}). Check the permissions of its folder, or name another folder with PERCH_HOME.`,
    cause,
  );
}
