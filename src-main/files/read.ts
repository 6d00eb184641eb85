import { constants, type Stats } from 'node:fs';
import { type FileHandle, open, stat } from 'node:fs/promises';
import { PerchError } from '../common/api/errors.ts';

/** Larger files are not images that anyone inspects; they are not read into memory to find out. */
const MAX_BYTES = 2 ** 31 - 1;

/**
 * The bytes of a regular file.
 *
 * @throws PerchError `NOT_FOUND`, `NOT_READABLE`, `IMAGE_TOO_LARGE`
 */
export async function readInputFile(path: string): Promise<Buffer<ArrayBuffer>> {
  return opened(path, async (file, size) => {
    if (size > MAX_BYTES) {
      throw new PerchError(
        'IMAGE_TOO_LARGE',
        `${path} is larger than 2 GiB. Perch reads image files up to 2 GiB.`,
      );
    }
    // In one piece where the system gives one: what Node has for it goes half a megabyte at a time.
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
 * At most `most` bytes of the beginning of a regular file, and how many it has.
 *
 * @throws PerchError `NOT_FOUND`, `NOT_READABLE`
 */
export async function readHead(path: string, most: number): Promise<{ bytes: Uint8Array; size: number }> {
  return opened(path, async (file, size) => {
    const { buffer, bytesRead } = await file.read(new Uint8Array(Math.min(most, size)));
    return { bytes: buffer.subarray(0, bytesRead), size };
  });
}

/**
 * The bytes of a regular file of any size.
 *
 * @throws PerchError `NOT_FOUND`, `NOT_READABLE`
 */
export async function readRegular(path: string): Promise<Buffer<ArrayBuffer>> {
  return opened(path, (file) => file.readFile());
}

/**
 * Opens a regular file for reading. Whatever else is there is refused before it is opened: opening a named pipe waits for a
 * writer that may never come, and opening a device may do something.
 *
 * @throws PerchError `NOT_FOUND`, `NOT_READABLE`, `NOT_AN_IMAGE` for a folder
 */
export async function openRegular(path: string): Promise<FileHandle> {
  try {
    assertRegularFile(path, await stat(path));
    // Should it be replaced just now, opening does not wait either.
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

/** @throws PerchError where `stats` are not those of a regular file: `NOT_AN_IMAGE` for a folder, else `NOT_READABLE` */
export function assertRegularFile(path: string, stats: Stats): void {
  if (stats.isFile()) return;
  if (stats.isDirectory()) throw new PerchError('NOT_AN_IMAGE', `${path} is a folder, not a file.`);
  throw new PerchError(
    'NOT_READABLE',
    `${path} is ${describeSpecialFile(stats)}, not a regular file. Perch reads regular files only.`,
  );
}

/** What a path that is no regular file and no folder is, in words. */
export function describeSpecialFile(stats: Stats): string {
  if (stats.isFIFO()) return 'a named pipe';
  if (stats.isSocket()) return 'a socket';
  return 'a device';
}

async function opened<Result>(
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

/** The typed error for a path that the system would not let us read. */
export function readError(path: string, cause: unknown): PerchError {
  const code = (cause as NodeJS.ErrnoException).code;
  if (code === 'ENOENT' && path.includes('\ufffd')) {
    return new PerchError(
      'NOT_READABLE',
      `${path} cannot be opened: its name is not UTF-8 (a byte of it is shown as \ufffd). Rename it.`,
      cause,
    );
  }
  if (code === 'ENOENT') {
    return new PerchError(
      'NOT_FOUND',
      `${path} does not exist. Check the path; it may have been moved.`,
      cause,
    );
  }
  if (code === 'EACCES' || code === 'EPERM') {
    return new PerchError('NOT_READABLE', `${path} may not be read. Ask for read permission on it.`, cause);
  }
  if (code === 'ENAMETOOLONG') return new PerchError('NOT_READABLE', pathTooLong(path), cause);
  if (code === 'ELOOP') {
    return new PerchError('NOT_READABLE', `${path} is a symbolic link that leads back to itself.`, cause);
  }
  if (code === 'EISDIR') return new PerchError('NOT_AN_IMAGE', `${path} is a folder, not a file.`, cause);
  return new PerchError('NOT_READABLE', `${path} could not be read (${code ?? String(cause)}).`, cause);
}

/** What is said of a path that the system refuses for its length. */
export function pathTooLong(path: string): string {
  const shown = path.length > 200 ? `${path.slice(0, 200)}…` : path;
  return `${shown} has a longer name than this system allows (usually 255 bytes, 4096 for the whole path). Use a shorter one.`;
}
