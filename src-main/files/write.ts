import { randomUUID } from 'node:crypto';
import { open, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { PerchError } from '../common/api/errors.ts';
import { makeFolder } from './make-folder.ts';
import { describeSpecialFile, pathTooLong } from './read.ts';

/**
 * Writes a file atomically: to a temporary file in the same folder, then fsync and rename. Creates missing folders. Rejects devices,
 * named pipes and sockets, which the rename would replace.
 *
 * @throws PerchError `NOT_WRITABLE`, `DISK_FULL`
 */
export async function writeFileAtomic(path: string, bytes: Uint8Array): Promise<void> {
  const temporary = `${path}.${randomUUID().slice(0, 8)}.tmp`;
  try {
    await makeFolder(dirname(path));
    const existing = await stat(path).catch(() => undefined);
    if (existing && !existing.isFile() && !existing.isDirectory())
      throw new PerchError(
        'NOT_WRITABLE',
        `${path} is ${describeSpecialFile(existing)}, not a regular file. Name a file to write to.`,
      );
    {
      await using file = await open(temporary, 'wx');
      await file.writeFile(bytes);
      await file.sync();
    }
    await rename(temporary, path);
  } catch (cause) {
    await rm(temporary, { force: true }).catch(() => {});
    throw writeError(path, cause);
  }
}

/** The typed error for a failed write. Returns a `PerchError` unchanged. */
export function writeError(path: string, cause: unknown): PerchError {
  if (cause instanceof PerchError) return cause;
  const code = (cause as NodeJS.ErrnoException).code;
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return new PerchError(
      'DISK_FULL',
      `Could not write ${path} because the disk is full. Free some space.`,
      cause,
    );
  }
  if (code === 'ENAMETOOLONG') return new PerchError('NOT_WRITABLE', pathTooLong(path), cause);
  return new PerchError(
    'NOT_WRITABLE',
    `Could not write ${path} (${code ?? String(cause)}). Choose a folder with write permission.`,
    cause,
  );
}
