import { type FileHandle, open } from 'node:fs/promises';
import { PerchError } from '../api/errors.ts';

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
export async function readBeginning(
  path: string,
  most: number,
): Promise<{ bytes: Uint8Array; size: number }> {
  return opened(path, async (file, size) => {
    const { buffer, bytesRead } = await file.read(new Uint8Array(Math.min(most, size)));
    return { bytes: buffer.subarray(0, bytesRead), size };
  });
}

async function opened<Result>(
  path: string,
  use: (file: FileHandle, size: number) => Promise<Result>,
): Promise<Result> {
  try {
    await using file = await open(path, 'r');
    return await use(file, (await file.stat()).size);
  } catch (cause) {
    if (cause instanceof PerchError) throw cause;
    throw unreadable(path, cause);
  }
}

/** The typed error for a path that the system would not let us read. */
export function unreadable(path: string, cause: unknown): PerchError {
  const code = (cause as NodeJS.ErrnoException).code;
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
  if (code === 'EISDIR')
    return new PerchError('NOT_AN_IMAGE', `${path} is a folder, not an image file.`, cause);
  return new PerchError('NOT_READABLE', `${path} could not be read (${code ?? String(cause)}).`, cause);
}
