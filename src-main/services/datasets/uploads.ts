import { randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { link, mkdir, readdir, rm, stat } from 'node:fs/promises';
import { dirname, isAbsolute, join, relative, sep } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { PerchError } from '../../common/api/errors.ts';
import { writeError } from '../../files/write.ts';
import type { Store } from '../../store/store.ts';

/** Younger files may belong to an upload in progress. */
const YOUNG_MS = 3600 * 1000;

/** Folder of uploaded files. Datasets that are imported from uploads refer to it. */
const folderOf = (home: string) => join(home, 'imports');

/**
 * Stores an uploaded file.
 *
 * @param drop the name of the upload
 * @param path folders and name of the file in the upload
 * @returns the folder of the upload, to be imported
 * @throws PerchError `NOT_WRITABLE`, also if the file already exists; `DISK_FULL`
 */
export async function receiveUpload(
  home: string,
  drop: string,
  path: readonly string[],
  bytes: AsyncIterable<Uint8Array>,
): Promise<string> {
  // Files without a folder get the class "dropped".
  const root = join(folderOf(home), drop, 'dropped');
  const file = join(root, ...path);
  const part = join(dirname(file), `.${randomUUID()}.part`);
  try {
    await mkdir(dirname(file), { recursive: true });
    await pipeline(bytes, createWriteStream(part, { flags: 'wx' }));
    // Fails if the name exists. A killed process leaves no file under the final name.
    await link(part, file);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'EEXIST')
      throw new PerchError('NOT_WRITABLE', `${path.join('/')} was already dropped and is unchanged.`, cause);
    throw writeError(file, cause);
  } finally {
    await rm(part, { force: true });
  }
  return root;
}

/**
 * Removes an upload when the last dataset that refers to it is removed. Does not touch other folders.
 * Call it after removing the dataset from the store.
 */
export async function removeUploadIfUnused(store: Store, root: string): Promise<void> {
  const drop = dropOf(store.home, root);
  if (drop === undefined || isUsed(store, drop)) return;
  await rm(drop, { recursive: true, force: true });
}

/** The folder of the upload that contains a path; undefined for other paths. */
function dropOf(home: string, path: string): string | undefined {
  const below = relative(folderOf(home), path);
  const [drop] = below.split(sep);
  // On Windows, the relative path to another drive is absolute.
  return drop === '' || drop === '..' || isAbsolute(below) ? undefined : join(folderOf(home), drop);
}

/** Whether a dataset has images in an upload, wherever its root is. */
function isUsed(store: Store, drop: string): boolean {
  const isBelow = (path: string) => `${path}${sep}`.startsWith(drop + sep);
  return store.datasets
    .list()
    .some(
      ({ id, root }) => isBelow(root) || store.images.listByDataset(id).some(({ path }) => isBelow(path)),
    );
}

/** Removes an upload, unless a dataset refers to it. */
export async function discardUpload(store: Store, drop: string): Promise<void> {
  await removeUploadIfUnused(store, join(folderOf(store.home), drop));
}

/** Counts the files of uploads without a dataset, including uploads in progress. */
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

/** Removes uploads without a dataset, except those of the last hour, which may be in progress. */
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
