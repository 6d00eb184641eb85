import { createHash, randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { readdir, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import type { Statement } from 'better-sqlite3';
import { PerchError } from '../common/api/errors.ts';
import { readRegular } from '../files/read.ts';
import { writeFileAtomic } from '../files/write.ts';
import { type Connection, damaged, transaction } from './database.ts';

/** What is younger may belong to a row that is about to be written. */
const YOUNG_MS = 3600 * 1000;

/** A file among the blobs that says which store they belong to. */
const IDENTITY = 'store-id';

/** Blobs whose bytes are compared when the store is examined: all of a small one. */
const SAMPLE = 1000;

/** Later than every time that a row holds. */
const EVER = '9999';

/** Bytes that are on disk under their name. */
export interface WrittenBlob {
  sha256: string;
  bytes: number;
}

/** Files of the store, named by the SHA-256 of their bytes: maps, masks, thumbnails. Many rows may refer to one. */
export class Blobs {
  readonly #database: Connection;
  readonly #folder: string;
  readonly #keep: Statement<[string, number, string]>;
  readonly #forget: Statement<[string]>;
  /** Blobs that no column of any table refers to: those kept before a time, and whether one of them is. */
  readonly #unreferenced: Statement<[{ before: string }], WrittenBlob>;
  readonly #unreferencedOne: Statement<[{ sha256: string }], WrittenBlob>;
  readonly #bytesOf: Statement<[string], { bytes: number }>;

  /** @throws PerchError `STORE_UNUSABLE` where the files in the folder belong to another database */
  constructor(database: Connection, folder: string) {
    this.#database = database;
    this.#folder = folder;
    this.#identify();
    this.#keep = database.prepare(
      `INSERT INTO blobs (sha256, bytes, created_at) VALUES (?, ?, ?)
       ON CONFLICT DO UPDATE SET created_at = excluded.created_at`,
    );
    this.#forget = database.prepare('DELETE FROM blobs WHERE sha256 = ?');
    const unreferenced = `SELECT sha256, bytes FROM blobs WHERE ${referringColumns(database)
      .map(({ table, column }) => `NOT EXISTS (SELECT 1 FROM "${table}" WHERE "${column}" = blobs.sha256)`)
      .join(' AND ')}`;
    this.#unreferenced = database.prepare(`${unreferenced} AND created_at <= @before`);
    this.#unreferencedOne = database.prepare(`${unreferenced} AND sha256 = @sha256`);
    this.#bytesOf = database.prepare('SELECT bytes FROM blobs WHERE sha256 = ?');
  }

  /**
   * Keeps bytes; they are on disk when it returns. A row has to refer to them within the hour, or `tidy` may take them.
   *
   * @returns their SHA-256, in hexadecimal
   * @throws PerchError `NOT_WRITABLE`, `DISK_FULL`, `STORE_BUSY`, `STORE_UNUSABLE`
   */
  async put(bytes: Uint8Array): Promise<string> {
    const { sha256 } = await this.write(bytes);
    transaction(this.#database, () => this.#keep.run(sha256, bytes.length, new Date().toISOString()));
    // `tidy` of another process may have removed an old file before it could see the row's age.
    if (!existsSync(this.pathOf(sha256))) await writeFileAtomic(this.pathOf(sha256), bytes);
    return sha256;
  }

  /**
   * The first half of `put`, for many at once: the bytes are on disk, but are no blob before `enter`. Waiting once for the
   * database's disk is many times faster than waiting for each.
   *
   * @throws PerchError `NOT_WRITABLE`, `DISK_FULL`
   */
  async write(bytes: Uint8Array): Promise<WrittenBlob> {
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    const path = this.pathOf(sha256);
    const now = new Date();
    const there = await utimes(path, now, now).then(
      () => true,
      () => false,
    );
    if (!there) await writeFileAtomic(path, bytes);
    return { sha256, bytes: bytes.length };
  }

  /**
   * The second half, in the transaction that writes the rows which refer to them.
   *
   * @throws PerchError `CONFLICT` where a file is gone, because the store was tidied more than an hour after its writing
   */
  enter(written: Iterable<WrittenBlob>): void {
    const now = new Date().toISOString();
    transaction(this.#database, () => {
      for (const { sha256, bytes } of written) {
        if (!existsSync(this.pathOf(sha256)))
          throw new PerchError('CONFLICT', 'The store was tidied while this was under way. Do it once more.');
        this.#keep.run(sha256, bytes, now);
      }
    });
  }

  /** @throws PerchError `NOT_FOUND` where nothing is kept under the name, `NOT_READABLE` */
  async read(sha256: string): Promise<Buffer<ArrayBuffer>> {
    return await readRegular(this.pathOf(sha256));
  }

  /** Where the bytes of a name lie. @throws PerchError `NOT_FOUND` for what cannot be the name of a blob */
  pathOf(sha256: string): string {
    if (/^[0-9a-f]{64}$/.test(sha256)) return join(this.#folder, sha256.slice(0, 2), sha256);
    throw new PerchError('NOT_FOUND', 'Nothing is kept in the store under this name.');
  }

  /** Whether a row keeps the name. */
  has(sha256: string): boolean {
    return this.#bytesOf.get(sha256) !== undefined;
  }

  /** Removes those of these blobs that no row refers to: what an item wrote that was then given up. */
  discard(names: Iterable<string>): void {
    transaction(this.#database, () => {
      for (const sha256 of new Set(names)) {
        if (this.#unreferencedOne.get({ sha256 })) this.#forget.run(sha256);
        if (!this.has(sha256)) rmSync(this.pathOf(sha256), { force: true });
      }
    });
  }

  /** How many blobs are kept and how many of them, or of the files beside them, no row refers to. */
  async stats(): Promise<{ blobs: number; bytes: number; orphans: number; orphanBytes: number }> {
    const { blobs, bytes } = this.#database
      .prepare<[], { blobs: number; bytes: number }>(
        'SELECT count(*) AS blobs, coalesce(sum(bytes), 0) AS bytes FROM blobs',
      )
      .get() ?? { blobs: 0, bytes: 0 };
    const unreferenced = this.#unreferenced.all({ before: EVER });
    const strays = (await this.#files()).filter(({ name }) => !this.has(name));
    return {
      blobs,
      bytes,
      orphans: unreferenced.length + strays.length,
      orphanBytes: sumOf(unreferenced) + sumOf(strays),
    };
  }

  /**
   * Removes blobs that no row refers to, and files that no blob is; those of the last hour are left alone.
   *
   * @throws PerchError `STORE_UNUSABLE` where the database is damaged: files that it has lost may still be needed
   */
  async collectGarbage(): Promise<{ removed: number; bytes: number }> {
    const fault = this.#database.pragma('quick_check(1)', { simple: true }) as string;
    if (fault !== 'ok') throw damaged(this.#database.name, fault);
    const youngSince = Date.now() - YOUNG_MS;
    const files = (await this.#files()).filter(({ mtimeMs }) => mtimeMs < youngSince);
    // In a transaction, so that no process can keep what is about to go: it finds row and file there, or neither.
    return transaction(this.#database, () => {
      for (const { sha256 } of this.#unreferenced.all({ before: new Date(youngSince).toISOString() }))
        this.#forget.run(sha256);
      const isOld = (path: string) =>
        (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Infinity) < youngSince;
      const strays = files.filter(({ name, path }) => !this.has(name) && isOld(path));
      for (const { path } of strays) rmSync(path, { force: true });
      return { removed: strays.length, bytes: sumOf(strays) };
    });
  }

  /**
   * Blobs whose file is missing, has another size, or, of a sample drawn at random, holds other bytes, in words.
   *
   * @param looked receives how many were compared byte by byte
   */
  async *integrityErrors(signal: AbortSignal, looked = { compared: 0 }): AsyncGenerator<string> {
    const blobs = this.#database
      .prepare<[], WrittenBlob>('SELECT sha256, bytes FROM blobs ORDER BY random()')
      .all();
    for (const { sha256, bytes: size } of blobs) {
      signal.throwIfAborted();
      const path = this.pathOf(sha256);
      const found = await stat(path).catch(() => undefined);
      if (!found) {
        yield `${path} is missing.`;
        continue;
      }
      let isWhole = found.size === size;
      if (isWhole && looked.compared < SAMPLE) {
        const bytes = await readRegular(path).catch(() => undefined);
        isWhole = bytes !== undefined && createHash('sha256').update(bytes).digest('hex') === sha256;
        looked.compared++;
      }
      if (!isWhole) yield `${path} is damaged.`;
    }
  }

  /** Has database and files know each other: to a database of another store, all these files would be unused. */
  #identify(): void {
    const path = join(this.#folder, IDENTITY);
    const isThere = statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
    const known = isThere ? readFileSync(path, 'utf8').trim() : '';
    const stored = this.#database.prepare<[], string>('SELECT id FROM store').pluck();
    // A database has none that comes from an earlier version, also a copy that was put back.
    const own =
      stored.get() ??
      transaction(this.#database, () => {
        this.#database
          .prepare('INSERT INTO store SELECT ? WHERE NOT EXISTS (SELECT 1 FROM store)')
          .run(known || randomUUID());
        return stored.get();
      });
    if (known === own) return;
    if (known === '') {
      mkdirSync(this.#folder, { recursive: true });
      const unfinished = `${path}.${randomUUID().slice(0, 8)}.tmp`;
      writeFileSync(unfinished, `${own}\n`, { flush: true });
      renameSync(unfinished, path);
      return;
    }
    throw new PerchError(
      'STORE_UNUSABLE',
      `${this.#database.name} is not the database of the files in ${this.#folder}: it belongs to another store. Put back the ` +
        'database that belongs to them, or a copy of it, or move the files to another folder.',
    );
  }

  /** Every file below the folder, also those left behind by a process that was killed while it wrote. */
  async #files(): Promise<{ name: string; path: string; bytes: number; mtimeMs: number }[]> {
    const entries = await readdir(this.#folder, { recursive: true, withFileTypes: true }).catch(() => []);
    const files = entries.filter((entry) => entry.isFile() && entry.name !== IDENTITY);
    const stats = await Promise.all(
      files.map(async ({ name, parentPath }) => {
        const path = join(parentPath, name);
        const { size, mtimeMs } = (await stat(path).catch(() => undefined)) ?? {};
        return size === undefined || mtimeMs === undefined ? [] : [{ name, path, bytes: size, mtimeMs }];
      }),
    );
    return stats.flat();
  }
}

function sumOf(sizes: readonly { bytes: number }[]): number {
  return sizes.reduce((total, size) => total + size.bytes, 0);
}

/** Every column that references `blobs`, as the schema itself says: one that is added later counts at once. */
function referringColumns(database: Connection): { table: string; column: string }[] {
  return database
    .prepare<[], { table: string; column: string }>(
      `SELECT m.name AS "table", k."from" AS "column" FROM sqlite_master AS m, pragma_foreign_key_list(m.name) AS k
       WHERE m.type = 'table' AND k."table" = 'blobs'`,
    )
    .all();
}
