import { randomUUID } from 'node:crypto';
import { closeSync, fsyncSync, openSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import Database from 'better-sqlite3';

/** Number of daily backups to keep. */
const KEPT = 3;
/** An unfinished backup older than this is abandoned, even if a live process has the id in its name. */
const UNFINISHED_MS = 3600 * 1000;
/**
 * A backup restarts when another process writes. It fails after copying this many times the database's size.
 */
const MAX_RESTARTS = 10;

/** A complete backup of the database. It is written under a temporary name, checked and renamed. */
export interface Copy {
  path: string;
  bytes: number;
  mtimeMs: number;
  /** The schema version before the migration; undefined for a daily backup. */
  version?: number;
}

/** The backups of a database, newest first. */
export function listBackups(file: string): Copy[] {
  return inFolderOf(file)
    .flatMap((name) => {
      const [, day, version] =
        /^\.(?:(\d{4}-\d\d-\d\d)|v(\d+)(?:-\d+)?)\.bak$/.exec(name.slice(basename(file).length)) ?? [];
      if (day === undefined && version === undefined) return [];
      const path = join(dirname(file), name);
      const found = statSync(path, { throwIfNoEntry: false });
      if (!found?.isFile()) return [];
      const { size: bytes, mtimeMs } = found;
      return [{ path, bytes, mtimeMs, ...(version === undefined ? {} : { version: Number(version) }) }];
    })
    .sort((a, b) => b.mtimeMs - a.mtimeMs);
}

/** The newest usable backup. */
export function newestUsableBackup(file: string): Copy | undefined {
  return listBackups(file).find(({ path }) => {
    try {
      return isWhole(path);
    } catch {
      return false;
    }
  });
}

/** Backs up a database before its schema changes. */
export function backUpBeforeMigration(database: Database.Database, version: number): void {
  const file = database.name;
  const unfinished = unfinishedCopy(file);
  try {
    database.prepare('VACUUM INTO ?').run(unfinished);
    // Another process may have migrated the database and made the backup.
    if (versionOf(unfinished) === version) finish(unfinished, `${file}.v${version}.bak`);
  } finally {
    rmSync(unfinished, { force: true });
  }
}

/**
 * Makes today's backup, unless it exists, without blocking writers. Keeps the last three daily backups.
 *
 * @returns whether one was made
 * @throws the database error; the unfinished backup is removed
 */
export async function copyOfToday(database: Database.Database, today = new Date()): Promise<boolean> {
  const file = database.name;
  const path = `${file}.${today.toISOString().slice(0, 10)}.bak`;
  if (statSync(path, { throwIfNoEntry: false })) return false;
  const unfinished = unfinishedCopy(file);
  try {
    let most = Infinity;
    let copied = 0;
    await database.backup(unfinished, {
      progress({ totalPages }) {
        most = MAX_RESTARTS * Math.max(totalPages, PAGES);
        if ((copied += PAGES) > most)
          throw new Error('Other programs keep writing to the database. Close them and try again.');
        return PAGES;
      },
    });
    await turn();
    // A damaged database must not replace a good backup.
    if (!isWhole(unfinished)) return false;
    finish(unfinished, path);
  } finally {
    for (const ending of ['', '-journal', '-wal', '-shm']) rmSync(unfinished + ending, { force: true });
  }
  removeOldCopies(file);
  return true;
}

/** Pages per step: half a megabyte. */
const PAGES = 128;

/**
 * Obsolete backups: unfinished ones, and all except those of the last three days and of the last migration.
 */
export function oldCopies(file: string): { path: string; bytes: number }[] {
  const copies = listBackups(file);
  return [
    ...copies.filter(({ version }) => version === undefined).slice(KEPT),
    ...copies.filter(({ version }) => version !== undefined).slice(1),
    ...leftBehind(file),
  ];
}

export function removeOldCopies(file: string): { removed: number; bytes: number } {
  const old = oldCopies(file);
  for (const { path } of old) rmSync(path, { force: true });
  return { removed: old.length, bytes: old.reduce((sum, { bytes }) => sum + bytes, 0) };
}

/** Temporary name of a backup. Removes unfinished backups of dead processes. */
function unfinishedCopy(file: string): string {
  for (const { path } of leftBehind(file)) rmSync(path, { force: true });
  return `${file}.${process.pid}-${randomUUID().slice(0, 8)}.bak.tmp`;
}

function leftBehind(file: string): { path: string; bytes: number }[] {
  return inFolderOf(file).flatMap((name) => {
    const [, pid] = /^\.(\d+)-[0-9a-f]{8}\.bak\.tmp(?:-\w+)?$/.exec(name.slice(basename(file).length)) ?? [];
    if (pid === undefined) return [];
    const path = join(dirname(file), name);
    const found = statSync(path, { throwIfNoEntry: false });
    if (!found || (isAlive(Number(pid)) && Date.now() - found.mtimeMs < UNFINISHED_MS)) return [];
    return [{ path, bytes: found.size }];
  });
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (cause) {
    return (cause as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Syncs a complete backup to disk and renames it. */
function finish(unfinished: string, path: string): void {
  const open = openSync(unfinished, 'r+');
  try {
    fsyncSync(open);
  } finally {
    closeSync(open);
  }
  renameSync(unfinished, path);
}

function versionOf(path: string): number {
  const copy = new Database(path);
  try {
    return copy.pragma('user_version', { simple: true }) as number;
  } finally {
    copy.close();
  }
}

/** Whether a backup passes SQLite's integrity check. Leaves a single file. */
function isWhole(path: string): boolean {
  const copy = new Database(path, { fileMustExist: true });
  try {
    copy.pragma('journal_mode = DELETE');
    return copy.pragma('quick_check(1)', { simple: true }) === 'ok';
  } finally {
    copy.close();
  }
}

function inFolderOf(file: string): string[] {
  const names = readdirSync(dirname(file));
  return names.filter((name) => name.startsWith(`${basename(file)}.`));
}
