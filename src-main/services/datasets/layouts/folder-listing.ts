import { readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Problem } from '../../../api/datasets.ts';
import { unreadable } from '../../../files/read.ts';
import { isImageName } from '../../../api/image-names.ts';

/** What a folder holds: names in order, numbers by value. Hidden entries and other files are left out. */
export interface Folder {
  /** Absolute path. */
  path: string;
  name: string;
  folders: string[];
  /** Files with the extension of an image. */
  images: string[];
}

const collator = new Intl.Collator('en', { numeric: true });

/** @throws PerchError `NOT_FOUND`, `NOT_READABLE` */
export async function listFolder(path: string): Promise<Folder> {
  try {
    const folder: Folder = { path, name: basename(path), folders: [], images: [] };
    for (const entry of await readdir(path, { withFileTypes: true })) {
      if (entry.name.startsWith('.')) continue;
      // Links are followed: datasets are often put together of them.
      const kind = entry.isSymbolicLink() ? await stat(join(path, entry.name)).catch(() => undefined) : entry;
      if (kind?.isDirectory()) folder.folders.push(entry.name);
      else if (kind?.isFile() && isImageName(entry.name)) folder.images.push(entry.name);
    }
    folder.folders.sort(collator.compare);
    folder.images.sort(collator.compare);
    return folder;
  } catch (cause) {
    throw unreadable(path, cause);
  }
}

/** The same below a dataset's root: a folder that cannot be read is told and taken as empty. */
export async function listBelow(path: string, problems: Problem[]): Promise<Folder> {
  try {
    return await listFolder(path);
  } catch (thrown) {
    problems.push({ kind: 'unreadable', path, message: (thrown as Error).message });
    return { path, name: basename(path), folders: [], images: [] };
  }
}

/** The entry of a name, however its letters are cased. */
export function entryNamed(names: readonly string[], name: string): string | undefined {
  return names.find((entry) => entry.toLowerCase() === name.toLowerCase());
}
