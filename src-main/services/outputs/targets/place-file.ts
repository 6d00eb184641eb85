import { constants, existsSync } from 'node:fs';
import { copyFile, link, open, rename, rm } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import { PerchError } from '../../../common/api/errors.ts';
import { makeFolder } from '../../../files/make-folder.ts';
import { sha256Of } from '../../../files/sha256.ts';
import { writeError } from '../../../files/write.ts';

/** Names that are tried if files exist: `a.png`, `a (2).png`, ... */
const MAX_NAMES = 1000;

/**
 * The first free path for a file, or the path where it already is, after an interrupted delivery.
 *
 * @throws PerchError `CONFLICT` if too many files have the name
 */
export async function findPlace(
  wish: string,
  sha256: string | null,
): Promise<{ path: string; isDone: boolean }> {
  const ending = extname(wish);
  for (let count = 1; count <= MAX_NAMES; count++) {
    const path = count === 1 ? wish : `${wish.slice(0, wish.length - ending.length)} (${count})${ending}`;
    if (!existsSync(path)) return { path, isDone: false };
    if (sha256 !== null && (await sha256Of(path).catch(() => '')) === sha256) return { path, isDone: true };
  }
  throw new PerchError(
    'CONFLICT',
    `${dirname(wish)} has ${MAX_NAMES} files of the name ${basename(wish)}. Move them to another folder.`,
  );
}

/**
 * Makes a file available at `path` too, as a whole: by a second link to it if `move` is set, or else, and on another device, by a
 * copy that gets its name when it is complete. Fails if `path` exists.
 *
 * @param id of the message, for the temporary name, so that another attempt replaces an incomplete copy
 * @throws PerchError `NOT_WRITABLE`, `DISK_FULL`
 */
export async function placeFile(
  source: string,
  path: string,
  { id, move }: { id: string; move: boolean },
): Promise<void> {
  try {
    await makeFolder(dirname(path));
    if (move && (await isLinked(source, path))) return;
    const copy = join(dirname(path), `.${id}.tmp`);
    try {
      await rm(copy, { force: true });
      await copyFile(source, copy, constants.COPYFILE_EXCL);
      await using file = await open(copy, 'r+');
      await file.sync();
      await publish(copy, path);
    } finally {
      await rm(copy, { force: true });
    }
  } catch (cause) {
    throw writeError(path, cause);
  }
}

/** Whether a link was made, which needs the same device and a file system with links. */
async function isLinked(source: string, path: string): Promise<boolean> {
  try {
    await link(source, path);
    return true;
  } catch (cause) {
    if (existsSync(path)) throw cause;
    return false;
  }
}

/** Gives a complete file its name, unless the name is taken. */
async function publish(copy: string, path: string): Promise<void> {
  try {
    await link(copy, path);
  } catch (cause) {
    // Some file systems, such as FAT, have no links. A rename would replace a file that appears at this moment.
    const { code } = cause as NodeJS.ErrnoException;
    if (!['EPERM', 'ENOTSUP', 'ENOSYS', 'EOPNOTSUPP', 'EMLINK'].includes(code ?? '') || existsSync(path))
      throw cause;
    await rename(copy, path);
  }
}
