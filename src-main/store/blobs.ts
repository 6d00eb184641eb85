import { createHash, randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { readdir, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import type { Statement } from 'better-sqlite3';
import { PerchError } from '../common/api/errors.ts';
import { readRegular } from '../files/read.ts';
import { writeFileAtomic } from '../files/write.ts';
import { type Connection, damaged, transaction } from './database.ts';

/** Younger files may belong to a row that is not written yet. */
const YOUNG_MS = 3600 * 1000;

/** Name of the file next to the blobs that contains their store's id. */
const IDENTITY = 'store-id';

/** Number of blobs whose content a diagnosis verifies. */
const SAMPLE = 1000;

/** Later than any stored time. */
const EVER = '9999';

/** A blob as a file, named by its hash. */
export interface WrittenBlob {
  sha256: string;
  bytes: number;
}

/** Files of the store, named by the SHA-256 of their bytes: maps, masks, thumbnails. Several rows may refer to the same blob. */
export class Blobs {
  readonly #database: Connection;
  readonly #folder: string;
  readonly #keep: Statement<[string, number, string]>;
  readonly #forget: Statement<[string]>;
  /** Lists unreferenced blobs that are older than a given time, and checks a single one. */
  readonly #unreferenced: Statement<[{ before: string }], WrittenBlob>;
  readonly #unreferencedOne: Statement<[{ sha256: string }], WrittenBlob>;
  readonly #bytesOf: Statement<[string], { bytes: number }>;

  /** @throws PerchError `STORE_UNUSABLE` if the files in the folder belong to another database */
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
   * Stores bytes. They are on disk when it returns. A row must refer to them within an hour, or `collectGarbage` may remove them.
   *
   * @returns their SHA-256, in hexadecimal
   * @throws PerchError `NOT_WRITABLE`, `DISK_FULL`, `STORE_BUSY`, `STORE_UNUSABLE`
   */
  async put(bytes: Uint8Array): Promise<string> {
    const { sha256 } = await this.write(bytes);
    transaction(this.#database, () => this.#keep.run(sha256, bytes.length, new Date().toISOString()));
    // A garbage collection of another process may have removed an old file before it saw the new row.
    if (!existsSync(this.pathOf(sha256))) await writeFileAtomic(this.pathOf(sha256), bytes);
    return sha256;
  }

  /**
   * The first half of `put`, for batches: writes the file, which becomes a blob with `enter`. One transaction
   * per batch is many times faster than one per file.
   *
   * @throws PerchError `NOT_WRITABLE`, `DISK_FULL`
   */
  async write(bytes: Uint8Array): Promise<WrittenBlob> {
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    const path = this.pathOf(sha256);
    const now = new Date();
    const exists = await utimes(path, now, now).then(
      () => true,
      () => false,
    );
    if (!exists) await writeFileAtomic(path, bytes);
    return { sha256, bytes: bytes.length };
  }

  /**
   * The second half of `put`, in the transaction that writes the referring rows.
   *
   * @throws PerchError `CONFLICT` if a file is gone because it was collected more than an hour after it was written
   */
  enter(written: Iterable<WrittenBlob>): void {
    const now = new Date().toISOString();
    transaction(this.#database, () => {
      for (const { sha256, bytes } of written) {
        if (!existsSync(this.pathOf(sha256)))
          throw new PerchError(
            'CONFLICT',
            'A garbage collection removed files of this operation. Try again.',
          );
        this.#keep.run(sha256, bytes, now);
      }
    });
  }

  /** @throws PerchError `NOT_FOUND`, `NOT_READABLE` */
  async read(sha256: string): Promise<Buffer<ArrayBuffer>> {
    return await readRegular(this.pathOf(sha256));
  }

  /** Path of a blob. @throws PerchError `NOT_FOUND` if the name is not a SHA-256 */
  pathOf(sha256: string): string {
    if (/^[0-9a-f]{64}$/.test(sha256)) return join(this.#folder, sha256.slice(0, 2), sha256);
    throw new PerchError('NOT_FOUND', 'The store has no file with this name. Reload the window.');
  }

  /** Whether the database has the blob. */
  has(sha256: string): boolean {
    return this.#bytesOf.get(sha256) !== undefined;
  }

  /**
   * Removes those of the given blobs that no row refers to, after the operation that wrote them was aborted.
   */
  discard(names: Iterable<string>): void {
    transaction(this.#database, () => {
      for (const sha256 of new Set(names)) {
        if (this.#unreferencedOne.get({ sha256 })) this.#forget.run(sha256);
        if (!this.has(sha256)) rmSync(this.pathOf(sha256), { force: true });
      }
    });
  }

  /** Counts blobs, and blobs and files without references. */
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
   * Removes blobs without references, and files that are not blobs, except those of the last hour.
   *
   * @throws PerchError `STORE_UNUSABLE` if the database is damaged, because it may have lost references
   */
  async collectGarbage(): Promise<{ removed: number; bytes: number }> {
    const fault = this.#database.pragma('quick_check(1)', { simple: true }) as string;
    if (fault !== 'ok') throw damaged(this.#database.name, fault);
    const youngSince = Date.now() - YOUNG_MS;
    const files = (await this.#files()).filter(({ mtimeMs }) => mtimeMs < youngSince);
    // One transaction removes rows and files, so that another process sees both or neither.
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
   * Yields a message for each blob whose file is missing or has the wrong size or, in a random sample, the wrong content.
   *
   * @param verified receives the number of blobs whose content was verified
   */
  async *integrityErrors(signal: AbortSignal, verified = { compared: 0 }): AsyncGenerator<string> {
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
      if (isWhole && verified.compared < SAMPLE) {
        const bytes = await readRegular(path).catch(() => undefined);
        isWhole = bytes !== undefined && createHash('sha256').update(bytes).digest('hex') === sha256;
        verified.compared++;
      }
      if (!isWhole) yield `${path} is damaged.`;
    }
  }

  /**
   * Verifies that the database and the files belong together. Otherwise a garbage collection would remove all
   * files.
   */
  #identify(): void {
    const path = join(this.#folder, IDENTITY);
    const isThere = statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
    const known = isThere ? readFileSync(path, 'utf8').trim() : '';
    const stored = this.#database.prepare<[], string>('SELECT id FROM store').pluck();
    // A database of an earlier version has no id, and neither does a restored backup of one.
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

  /** Every file below the folder, including files that killed processes left unfinished. */
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

/** Every column with a foreign key to `blobs`, read from the schema. */
function referringColumns(database: Connection): { table: string; column: string }[] {
  return database
    .prepare<[], { table: string; column: string }>(
      `SELECT m.name AS "table", k."from" AS "column" FROM sqlite_master AS m, pragma_foreign_key_list(m.name) AS k
       WHERE m.type = 'table' AND k."table" = 'blobs'`,
    )
    .all();
}
