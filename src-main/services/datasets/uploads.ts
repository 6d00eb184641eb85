import { randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { link, mkdir, readdir, rm, stat } from 'node:fs/promises';
import { dirname, isAbsolute, join, relative, sep } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { PerchError } from '../../common/api/errors.ts';
import { writeError } from '../../files/write.ts';
import type { Store } from '../../store/store.ts';

/** What is younger may belong to a drop that is under way. */
const YOUNG_MS = 3600 * 1000;

/** Files that were dropped onto the page lie below this folder of the store: the datasets made of them refer to them. */
const folderOf = (home: string) => join(home, 'imports');

/**
 * Keeps a dropped file.
 *
 * @param drop names what was dropped together
 * @param path folders and name of the file within the drop; plain names
 * @returns the folder that holds the whole drop, to be imported
 * @throws PerchError `NOT_WRITABLE`, also where the file is there already; `DISK_FULL`
 */
export async function receiveUpload(
  home: string,
  drop: string,
  path: readonly string[],
  bytes: AsyncIterable<Uint8Array>,
): Promise<string> {
  // Files that lie in no folder are shown with the class "dropped".
  const root = join(folderOf(home), drop, 'dropped');
  const file = join(root, ...path);
  const part = join(dirname(file), `.${randomUUID()}.part`);
  try {
    await mkdir(dirname(file), { recursive: true });
    await pipeline(bytes, createWriteStream(part, { flags: 'wx' }));
    // Refused where the name is taken; until then a process that is killed leaves nothing under it.
    await link(part, file);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'EEXIST')
      throw new PerchError(
        'NOT_WRITABLE',
        `${path.join('/')} was dropped already and stays as it is.`,
        cause,
      );
    throw writeError(file, cause);
  } finally {
    await rm(part, { force: true });
  }
  return root;
}

/**
 * Removes the files of a drop with the last dataset that was made of it or of a part of it; any other root stays untouched. To be
 * called when the dataset is gone from the store.
 */
export async function removeUploadIfUnused(store: Store, root: string): Promise<void> {
  const drop = dropOf(store.home, root);
  if (drop === undefined || isUsed(store, drop)) return;
  await rm(drop, { recursive: true, force: true });
}

/** The folder of the drop that a path belongs to; undefined for other paths. */
function dropOf(home: string, path: string): string | undefined {
  const below = relative(folderOf(home), path);
  const [drop] = below.split(sep);
  // On Windows the way to another drive is an absolute path.
  return drop === '' || drop === '..' || isAbsolute(below) ? undefined : join(folderOf(home), drop);
}

/** Whether the files of a drop belong to a dataset: it has images there, wherever its root lies. */
function isUsed(store: Store, drop: string): boolean {
  const isBelow = (path: string) => `${path}${sep}`.startsWith(drop + sep);
  return store.datasets
    .list()
    .some(
      ({ id, root }) => isBelow(root) || store.images.listByDataset(id).some(({ path }) => isBelow(path)),
    );
}

/** Removes a drop that is not wanted after all, unless a dataset was made of it. */
export async function discardUpload(store: Store, drop: string): Promise<void> {
  await removeUploadIfUnused(store, join(folderOf(store.home), drop));
}

/** Files of drops that no dataset was made of, also of those that are still under way. */
export async function countUnusedUploads(store: Store): Promise<{ files: number; bytes: number }> {
  const tally = { files: 0, bytes: 0 };
  for (const name of await readdir(folderOf(store.home)).catch(() => [])) {
    const drop = join(folderOf(store.home), name);
    if (isUsed(store, drop)) continue;
    const files = await filesBelow(drop);
    tally.files += files.length;
    tally.bytes += files.reduce((sum, { size }) => sum + size, 0);
  }
  return tally;
}

/** Removes what was dropped and never imported; drops of the last hour may still be under way. */
export async function removeUnusedUploads(store: Store): Promise<{ removed: number; bytes: number }> {
  const folder = folderOf(store.home);
  const tally = { removed: 0, bytes: 0 };
  for (const name of await readdir(folder).catch(() => [])) {
    const drop = join(folder, name);
    const files = await filesBelow(drop);
    const isYoung = files.some(({ mtimeMs }) => Date.now() - mtimeMs < YOUNG_MS);
    if (isYoung || isUsed(store, drop)) continue;
    await rm(drop, { recursive: true, force: true });
    tally.removed += files.length;
    tally.bytes += files.reduce((sum, { size }) => sum + size, 0);
  }
  return tally;
}

async function filesBelow(folder: string): Promise<{ size: number; mtimeMs: number }[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const files = entries.filter((entry) => entry.isFile());
  const stats = files.map(({ parentPath, name }) => stat(join(parentPath, name)).catch(() => []));
  return (await Promise.all(stats)).flat();
}
