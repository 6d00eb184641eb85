import { createWriteStream } from 'node:fs';
import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import { dirname, isAbsolute, join, relative, sep } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { unwritable } from '../../files/write.ts';
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
export async function receiveDrop(
  home: string,
  drop: string,
  path: readonly string[],
  bytes: AsyncIterable<Uint8Array>,
): Promise<string> {
  // Files that lie in no folder are shown with the class "dropped".
  const root = join(folderOf(home), drop, 'dropped');
  const file = join(root, ...path);
  try {
    await mkdir(dirname(file), { recursive: true });
    await pipeline(bytes, createWriteStream(file, { flags: 'wx' }));
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'EEXIST') await rm(file, { force: true });
    throw unwritable(file, cause);
  }
  return root;
}

/**
 * Removes the files of a drop after the last dataset that was made of them; any other root stays untouched.
 *
 * @param root of the dataset that was removed
 */
export async function forgetDrop(
  { home, datasets }: Pick<Store, 'home' | 'datasets'>,
  root: string,
): Promise<void> {
  const drop = dropOf(home, root);
  // A dataset of a part of the drop has its only files in it.
  if (drop === undefined || datasets.all().some((other) => dropOf(home, other.root) === drop)) return;
  await rm(join(folderOf(home), drop), { recursive: true, force: true });
}

/** The name of the drop that a folder lies in. */
function dropOf(home: string, root: string): string | undefined {
  const below = relative(folderOf(home), root);
  const [drop] = below.split(sep);
  // On Windows the way to another drive is an absolute path.
  return drop === '' || drop === '..' || isAbsolute(below) ? undefined : drop;
}

/** Removes what was dropped and never imported; drops of the last hour may still be under way. */
export async function tidyDrops(store: Store): Promise<{ removed: number; bytes: number }> {
  const folder = folderOf(store.home);
  const roots = store.datasets.all().map(({ root }) => root);
  const tally = { removed: 0, bytes: 0 };
  for (const name of await readdir(folder).catch(() => [])) {
    const drop = join(folder, name);
    const files = await filesBelow(drop);
    const isYoung = files.some(({ mtimeMs }) => Date.now() - mtimeMs < YOUNG_MS);
    if (isYoung || roots.some((root) => `${root}${sep}`.startsWith(`${drop}${sep}`))) continue;
    await rm(drop, { recursive: true, force: true });
    tally.removed += files.length;
    tally.bytes += files.reduce((sum, { size }) => sum + size, 0);
  }
  return tally;
}

async function filesBelow(folder: string): Promise<{ size: number; mtimeMs: number }[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const files = entries.filter((entry) => entry.isFile());
  return Promise.all(files.map(({ parentPath, name }) => stat(join(parentPath, name))));
}
