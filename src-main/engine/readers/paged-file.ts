import { stat } from 'node:fs/promises';
import { LRUCache } from 'lru-cache';
import { readError, readInputFile } from '../../files/read.ts';

/** How long a file stays in memory after the last request for one of its pages. */
const KEEP_MS = 5_000;

const files = new LRUCache<string, Promise<Buffer<ArrayBuffer>>>({
  max: 1,
  ttl: KEEP_MS,
  ttlAutopurge: true,
  updateAgeOnGet: true,
});

/**
 * Reads a file whose pages are requested one by one. The last file is cached for a few seconds, unless it changes on disk, because
 * reading a stack of thousands of pages again for each page takes minutes.
 *
 * @throws PerchError as `readInputFile`
 */
export async function readPagedFile(file: string): Promise<Buffer<ArrayBuffer>> {
  const { ino, size, mtimeMs, ctimeMs } = await stat(file).catch((cause: unknown) => {
    throw readError(file, cause);
  });
  const version = JSON.stringify([file, ino, size, mtimeMs, ctimeMs]);
  const cached = files.get(version);
  if (cached) return cached;
  const bytes = readInputFile(file);
  files.set(version, bytes);
  bytes.catch(() => files.delete(version));
  return bytes;
}
