import { constants, type Stats } from 'node:fs';
import { type FileHandle, open, stat } from 'node:fs/promises';
import { PerchError } from '../common/api/errors.ts';

/** Larger files are rejected before they are read into memory. */
const MAX_BYTES = 2 ** 31 - 1;

/**
 * Reads a regular file of at most 2 GiB.
 *
 * @throws PerchError `NOT_FOUND`, `NOT_READABLE`, `IMAGE_TOO_LARGE`
 */
export async function readInputFile(path: string): Promise<Buffer<ArrayBuffer>> {
  return withFile(path, async (file, size) => {
    if (size > MAX_BYTES) {
      throw new PerchError(
        'IMAGE_TOO_LARGE',
        `${path} is larger than 2 GiB. Perch reads image files up to 2 GiB.`,
      );
    }
    // Read in one call if possible. Node's `readFile` reads half a megabyte at a time.
    const bytes = Buffer.allocUnsafeSlow(size);
    let filled = 0;
    while (filled < size) {
      const { bytesRead } = await file.read(bytes, filled);
      if (bytesRead === 0) break;
      filled += bytesRead;
    }
    return bytes.subarray(0, filled);
  });
}

/**
 * Reads at most the first `limit` bytes of a regular file. Also returns the size of the file.
 *
 * @throws PerchError `NOT_FOUND`, `NOT_READABLE`
 */
export async function readHead(path: string, limit: number): Promise<{ bytes: Uint8Array; size: number }> {
  return withFile(path, async (file, size) => {
    const { buffer, bytesRead } = await file.read(new Uint8Array(Math.min(limit, size)));
    return { bytes: buffer.subarray(0, bytesRead), size };
  });
}

/**
 * Reads a regular file, up to Node's limit of 2 GiB.
 *
 * @throws PerchError `NOT_FOUND`, `NOT_READABLE`
 */
export async function readRegular(path: string): Promise<Buffer<ArrayBuffer>> {
  return withFile(path, (file) => file.readFile());
}

/**
 * Opens a regular file for reading. Rejects anything else before opening it, because opening a named pipe blocks until a writer opens
 * it, and opening a device may have side effects.
 *
 * @throws PerchError `NOT_FOUND`, `NOT_READABLE`, `NOT_AN_IMAGE` for a folder
 */
export async function openRegular(path: string): Promise<FileHandle> {
  try {
    assertRegularFile(path, await stat(path));
    // Opening does not block either if the file is replaced by a pipe at this moment.
    const file = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    try {
      assertRegularFile(path, await file.stat());
      return file;
    } catch (cause) {
      await file.close();
      throw cause;
    }
  } catch (cause) {
    throw cause instanceof PerchError ? cause : readError(path, cause);
  }
}

/** @throws PerchError if `stats` are not those of a regular file: `NOT_AN_IMAGE` for a folder, else `NOT_READABLE` */
export function assertRegularFile(path: string, stats: Stats): void {
  if (stats.isFile()) return;
  if (stats.isDirectory()) throw new PerchError('NOT_AN_IMAGE', `${path} is a folder, not a file.`);
  throw new PerchError(
    'NOT_READABLE',
    `${path} is ${describeSpecialFile(stats)}, not a regular file. Perch reads regular files only.`,
  );
}

/** Names the type of a path that is neither a regular file nor a folder. */
export function describeSpecialFile(stats: Stats): string {
  if (stats.isFIFO()) return 'a named pipe';
  if (stats.isSocket()) return 'a socket';
  return 'a device';
}

async function withFile<Result>(
  path: string,
  use: (file: FileHandle, size: number) => Promise<Result>,
): Promise<Result> {
  try {
    await using file = await openRegular(path);
    return await use(file, (await file.stat()).size);
  } catch (cause) {
    throw cause instanceof PerchError ? cause : readError(path, cause);
  }
}

/** The typed error for a failed read. */
export function readError(path: string, cause: unknown): PerchError {
  const code = (cause as NodeJS.ErrnoException).code;
  if (code === 'ENOENT' && path.includes('\ufffd')) {
    return new PerchError(
      'NOT_READABLE',
      `Cannot open ${path} because its name is not UTF-8 (invalid bytes are shown as \ufffd). Rename it.`,
      cause,
    );
  }
  if (code === 'ENOENT') {
    return new PerchError(
      'NOT_FOUND',
      `${path} does not exist. Check the path; the file may have been moved.`,
      cause,
    );
  }
  if (code === 'EACCES' || code === 'EPERM') {
    return new PerchError(
      'NOT_READABLE',
      `Cannot read ${path}: permission denied. Change its permissions.`,
      cause,
    );
  }
  if (code === 'ENAMETOOLONG') return new PerchError('NOT_READABLE', pathTooLong(path), cause);
  if (code === 'ELOOP') {
    return new PerchError(
      'NOT_READABLE',
      `${path} is a circular symbolic link. Name the file itself.`,
      cause,
    );
  }
  if (code === 'EISDIR') return new PerchError('NOT_AN_IMAGE', `${path} is a folder, not a file.`, cause);
  return new PerchError('NOT_READABLE', `Cannot read ${path} (${code ?? String(cause)}).`, cause);
}

/** The message for a path that exceeds the system's limits. */
export function pathTooLong(path: string): string {
  const shown = path.length > 200 ? `${path.slice(0, 200)}…` : path;
  return `${shown} is too long for this system (usually 255 bytes per name, 4096 for the path). Use a shorter name.`;
}
