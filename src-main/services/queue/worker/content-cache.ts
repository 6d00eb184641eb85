import { createHash, randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { readdir, rename, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { PerchError } from '../../../common/api/errors.ts';
import { makeFolder } from '../../../files/make-folder.ts';
import { writeError } from '../../../files/write.ts';

const NAME = /^[0-9a-f]{64}$/;

/** Opens the content with a SHA-256. */
export type Source = () => Promise<Readable>;

/**
 * Files by the SHA-256 of their content, in a folder of bounded size. The files that were not used for the longest time are removed
 * first, except those in use.
 */
export class ContentCache {
  readonly #folder: string;
  readonly #limit: number;
  /** Sizes in the order of their last use. */
  readonly #files = new Map<string, number>();
  readonly #uses = new Map<string, number>();
  readonly #loading = new Map<string, Promise<void>>();
  #bytes = 0;

  private constructor(folder: string, limit: number) {
    this.#folder = folder;
    this.#limit = limit;
  }

  /** @param limit in bytes. @throws PerchError `NOT_WRITABLE` */
  static async open(folder: string, limit: number): Promise<ContentCache> {
    const cache = new ContentCache(folder, limit);
    await makeFolder(folder);
    const found: { name: string; bytes: number; usedMs: number }[] = [];
    for (const name of await readdir(folder)) {
      const path = join(folder, name);
      const stats = await stat(path).catch(() => undefined);
      if (!stats?.isFile()) continue;
      // A process that was killed left it unfinished.
      if (!NAME.test(name)) await rm(path, { force: true });
      else found.push({ name, bytes: stats.size, usedMs: stats.mtimeMs });
    }
    found.sort((a, b) => a.usedMs - b.usedMs);
    for (const { name, bytes } of found) cache.#add(name, bytes);
    await cache.#trim();
    return cache;
  }

  has(sha256: string): boolean {
    return this.#files.has(sha256);
  }

  /** Size of all files in bytes. */
  get bytes(): number {
    return this.#bytes;
  }

  /**
   * The path of the content with a SHA-256, which stays until it is released.
   *
   * @param bytes its size
   * @throws PerchError `NOT_WRITABLE`, `DISK_FULL`; `IMAGE_CHANGED` if the source has other content; errors of the source
   */
  async use(sha256: string, bytes: number, source: Source): Promise<string> {
    if (!NAME.test(sha256)) throw new PerchError('INTERNAL', 'A content hash is not a SHA-256.');
    this.#uses.set(sha256, (this.#uses.get(sha256) ?? 0) + 1);
    try {
      if (!this.#files.has(sha256)) {
        const loading =
          this.#loading.get(sha256) ??
          this.#load(sha256, bytes, source).finally(() => this.#loading.delete(sha256));
        this.#loading.set(sha256, loading);
        await loading;
      }
      const path = join(this.#folder, sha256);
      this.#add(sha256, this.#files.get(sha256) ?? bytes);
      const now = new Date();
      await utimes(path, now, now);
      return path;
    } catch (thrown) {
      this.release(sha256);
      // Somebody may have removed the file.
      if (!this.#uses.has(sha256)) this.#forget(sha256);
      throw thrown;
    }
  }

  /** Ends one use of a file. */
  release(sha256: string): void {
    const uses = (this.#uses.get(sha256) ?? 0) - 1;
    if (uses > 0) this.#uses.set(sha256, uses);
    else this.#uses.delete(sha256);
    void this.#trim();
  }

  async #load(sha256: string, bytes: number, source: Source): Promise<void> {
    const temporary = join(this.#folder, `${randomUUID()}.tmp`);
    const hash = createHash('sha256');
    let size = 0;
    try {
      const content = await source();
      await pipeline(
        content,
        async function* (chunks: AsyncIterable<Buffer>) {
          for await (const chunk of chunks) {
            size += chunk.length;
            if (size > bytes) throw changed();
            hash.update(chunk);
            yield chunk;
          }
        },
        createWriteStream(temporary, { flags: 'wx' }),
      );
      if (hash.digest('hex') !== sha256) throw changed();
      await rename(temporary, join(this.#folder, sha256));
    } catch (cause) {
      await rm(temporary, { force: true });
      const { code, syscall } = cause as NodeJS.ErrnoException;
      throw syscall !== undefined && code !== 'ECONNRESET' && code !== 'ECONNREFUSED'
        ? writeError(temporary, cause)
        : cause;
    }
    this.#add(sha256, size);
    await this.#trim();
  }

  #add(sha256: string, bytes: number): void {
    this.#forget(sha256);
    this.#files.set(sha256, bytes);
    this.#bytes += bytes;
  }

  #forget(sha256: string): void {
    this.#bytes -= this.#files.get(sha256) ?? 0;
    this.#files.delete(sha256);
  }

  async #trim(): Promise<void> {
    for (const sha256 of [...this.#files.keys()]) {
      if (this.#bytes <= this.#limit) return;
      if (this.#uses.has(sha256)) continue;
      this.#forget(sha256);
      await rm(join(this.#folder, sha256), { force: true }).catch(() => {});
    }
  }
}

function changed(): PerchError {
  return new PerchError(
    'IMAGE_CHANGED',
    'The host sent other content than the task names. The file has changed since the import.',
  );
}
