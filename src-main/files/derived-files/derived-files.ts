import { createHash, randomUUID } from 'node:crypto';
import { readdir, rename, rm, stat, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import type { ZodType } from 'zod';
import { PerchError } from '../../common/api/errors.ts';
import { makeFolder } from '../make-folder.ts';
import { writeError } from '../write.ts';
import { keptBytes } from './kept-bytes.ts';
import { completeFile, type CompleteFile, openComplete } from './complete-file.ts';

/** A partial file of this age is not in work; a killed process left it. */
const PARTIAL_AGE_MS = 3600 * 1000;

/** Space that remains free on the disk. */
const RESERVE_BYTES = 2 ** 28;

const ENDING = '.numbers';

/** Files that this process is making, by path. */
const inWork = new Map<string, Promise<void>>();

/** What is in the files of one kind. */
export interface FileKind<Description> {
  schema: ZodType<Description>;
  /** The bytes of numbers that a description needs. */
  bytesOf(description: Description): number;
}

/** Large files that are derived from images and maps, by what they depend on. They can be made again. */
export class DerivedFiles {
  readonly #folder: string;
  readonly #maxBytes: number | undefined;

  /** @param maxBytes total size of the files that are kept, by default as set; the files of the image in work may exceed it */
  constructor(folder: string, maxBytes?: number) {
    this.#folder = folder;
    this.#maxBytes = maxBytes;
  }

  /** @param inputs everything that the file depends on */
  static keyOf(inputs: readonly unknown[]): string {
    return createHash('sha256').update(JSON.stringify(inputs)).digest('hex');
  }

  /** Opens a file, if it is there. */
  async find<Description extends object>(
    key: string,
    { schema, bytesOf }: FileKind<Description>,
  ): Promise<CompleteFile<Description> | undefined> {
    const found = await openComplete(this.#pathOf(key), schema, bytesOf);
    const now = new Date();
    await found?.file.utimes(now, now).catch(() => {});
    return found;
  }

  /**
   * Opens a file. Makes it first if it is missing or was cut off.
   *
   * @param bytes its approximate size
   * @param make writes the numbers to a new file
   * @throws PerchError `DISK_FULL`, `NOT_WRITABLE`; what `make` throws
   */
  async open<Description extends object>(
    key: string,
    { schema, bytesOf }: FileKind<Description>,
    bytes: number,
    make: (to: string) => Promise<Description>,
  ): Promise<CompleteFile<Description>> {
    const path = this.#pathOf(key);
    for (;;) {
      const found = await this.find(key, { schema, bytesOf });
      if (found) return found;
      const making = inWork.get(path);
      if (making) {
        // If it fails or is canceled there, it is made here.
        await making.catch(() => {});
        continue;
      }
      const made = this.#make(path, bytes, make).finally(() => inWork.delete(path));
      inWork.set(path, made);
      await made;
    }
  }

  async #list(): Promise<{ path: string; bytes: number; usedMs: number; whole: boolean }[]> {
    const names = await readdir(this.#folder).catch(() => [] as string[]);
    return Promise.all(
      names.map(async (name) => {
        const path = join(this.#folder, name);
        const found = await stat(path).catch(() => undefined);
        return { path, bytes: found?.size ?? 0, usedMs: found?.mtimeMs ?? 0, whole: name.endsWith(ENDING) };
      }),
    );
  }

  #pathOf(key: string): string {
    return join(this.#folder, key + ENDING);
  }

  async #make(path: string, bytes: number, make: (to: string) => Promise<object>): Promise<void> {
    const temporary = `${path}.${randomUUID().slice(0, 8)}.tmp`;
    try {
      await makeFolder(this.#folder);
      await this.prune(bytes);
      await this.#assertSpace(bytes);
      await completeFile(temporary, await make(temporary));
      await rename(temporary, path);
    } catch (cause) {
      await rm(temporary, { force: true }).catch(() => {});
      throw cause instanceof PerchError || isAbort(cause) ? cause : writeError(path, cause);
    }
  }

  async #assertSpace(bytes: number): Promise<void> {
    const { bavail, bsize } = await statfs(this.#folder);
    if (bavail * bsize >= bytes + RESERVE_BYTES) return;
    const gigabytes = (amount: number) => `${(amount / 1e9).toFixed(1)} GB`;
    throw new PerchError(
      'DISK_FULL',
      `Decoded pixels need ${gigabytes(bytes)} in ${this.#folder}, where ${gigabytes(bavail * bsize)} are free. Free some space.`,
    );
  }

  /** Total bytes of the files. */
  async size(): Promise<number> {
    return (await this.#list()).reduce((sum, { bytes }) => sum + bytes, 0);
  }

  /**
   * Removes the files that were used longest ago until the rest and a file of `needed` bytes fit the limit. On POSIX, an open file
   * stays readable.
   */
  async prune(needed = 0): Promise<{ removed: number; bytes: number }> {
    const files = await this.#list();
    const maxBytes = this.#maxBytes ?? (await keptBytes(this.#folder));
    const removed = { removed: 0, bytes: 0 };
    let kept = needed;
    for (const { path, bytes, usedMs, whole } of files.sort((a, b) => b.usedMs - a.usedMs)) {
      const isKept = whole ? kept + bytes <= maxBytes : Date.now() - usedMs < PARTIAL_AGE_MS;
      if (isKept) {
        kept += bytes;
        continue;
      }
      await rm(path, { force: true }).catch(() => {});
      removed.removed++;
      removed.bytes += bytes;
    }
    return removed;
  }
}

function isAbort(cause: unknown): boolean {
  return cause instanceof Error && cause.name === 'AbortError';
}
