import { createWriteStream } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { dirname, isAbsolute, join, relative, sep } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { unwritable } from '../../files/write.ts';

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

/** Removes the files of a drop with the dataset that was made of them; any other root stays untouched. */
export async function forgetDrop(home: string, root: string): Promise<void> {
  const below = relative(folderOf(home), root);
  const [drop] = below.split(sep);
  // On Windows the way to another drive is an absolute path.
  if (drop === '' || drop === '..' || isAbsolute(below)) return;
  await rm(join(folderOf(home), drop), { recursive: true, force: true });
}
