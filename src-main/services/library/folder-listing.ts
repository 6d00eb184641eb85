import type { Dirent } from 'node:fs';
import { readdir, realpath, stat } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import { isImageName } from '../../common/file-formats.ts';
import { readError } from '../../files/read.ts';
import { ownResults, RESULTS_FOLDER } from '../inspections/previous-results.ts';

/** A folder's entries, sorted by name, numbers by value. Hidden entries are skipped. */
export interface Folder {
  /** Absolute path. */
  path: string;
  name: string;
  /** Folders, and links to folders. */
  folders: string[];
  /** Other entries with an image extension. */
  images: string[];
  /** Other files, and the files that an earlier inspection wrote. */
  others: string[];
  /** Those of the other files that are broken links. */
  brokenLinks: string[];
  results: string[];
}

const collator = new Intl.Collator('en', { numeric: true });

/** @throws PerchError `NOT_FOUND`, `NOT_READABLE` */
export async function listFolder(path: string): Promise<Folder> {
  try {
    const entries = (await readdir(path, { withFileTypes: true })).filter(
      ({ name }) => !name.startsWith('.'),
    );
    const targets = await Promise.all(entries.map((entry) => targetOf(path, entry)));
    const namesWhere = (folder: boolean) =>
      entries
        .filter((_, at) => (targets[at] === 'folder') === folder)
        .map(({ name }) => name)
        .sort(collator.compare);
    const [folders, files] = [namesWhere(true), namesWhere(false)];
    const results = ownResults(files);
    return {
      path,
      name: basename(path),
      folders: folders.filter((name) => name.toLowerCase() !== RESULTS_FOLDER),
      images: files.filter((name) => isImageName(name) && !results.has(name)),
      others: files.filter((name) => !isImageName(name) && !results.has(name)),
      brokenLinks: entries.filter((_, at) => targets[at] === 'nothing').map(({ name }) => name),
      results: [...folders.filter((name) => name.toLowerCase() === RESULTS_FOLDER), ...results],
    };
  } catch (cause) {
    throw readError(path, cause);
  }
}

/** Links are followed, because datasets often consist of links. */
async function targetOf(path: string, entry: Dirent): Promise<'folder' | 'file' | 'nothing'> {
  if (!entry.isSymbolicLink()) return entry.isDirectory() ? 'folder' : 'file';
  return stat(join(path, entry.name)).then(
    (target) => (target.isDirectory() ? 'folder' : 'file'),
    () => 'nothing',
  );
}

function describeExtension(name: string): string {
  return extname(name) === '' ? 'files without an extension' : `${extname(name).toLowerCase()} files`;
}

/** Files that were skipped for one reason. */
export interface SkippedFiles {
  /** Describes the files, as a plural noun phrase. */
  reason: string;
  files: number;
  /** Path of one of the files. */
  example: string;
}

/**
 * Lists the folders of a tree and counts skipped files. A folder is read once, even if several links lead to
 * it, so a loop of links cannot trap a walk.
 */
export class FolderReader {
  readonly unreadable: { path: string; error: Error }[] = [];
  readonly #skipped = new Map<string, SkippedFiles>();
  readonly #listed = new Map<string, Folder>();
  readonly #pathOf = new Map<string, string>();

  /** The entries of a folder. An unreadable folder is empty and added to `unreadable`. */
  async list(path: string): Promise<Folder> {
    const known = this.#listed.get(path);
    if (known) return known;
    const folder = await this.#read(path);
    this.#listed.set(path, folder);
    for (const name of folder.results) this.skip('results of earlier inspections', join(path, name));
    for (const name of folder.others) {
      const broken = folder.brokenLinks.includes(name);
      this.skip(broken ? 'broken links' : describeExtension(name), join(path, name));
    }
    return folder;
  }

  skip(reason: string, example: string, files = 1): void {
    const known = this.#skipped.get(reason) ?? { reason, files: 0, example };
    this.#skipped.set(reason, { ...known, files: known.files + files });
  }

  /** Removes a file from the counts that was skipped for its extension but is read after all. */
  use(path: string): void {
    const known = this.#skipped.get(describeExtension(path));
    if (known === undefined) return;
    if (known.files === 1) this.#skipped.delete(known.reason);
    else this.#skipped.set(known.reason, { ...known, files: known.files - 1 });
  }

  skipped(): SkippedFiles[] {
    return [...this.#skipped.values()].sort((a, b) => b.files - a.files);
  }

  async #read(path: string): Promise<Folder> {
    const nothing = {
      path,
      name: basename(path),
      folders: [],
      images: [],
      others: [],
      brokenLinks: [],
      results: [],
    };
    try {
      const real = await realpath(path).catch((cause: unknown) => {
        throw readError(path, cause);
      });
      const other = this.#pathOf.get(real);
      if (other !== undefined) {
        this.skip('links to folders that are already read', path);
        return nothing;
      }
      this.#pathOf.set(real, path);
      return await listFolder(path);
    } catch (thrown) {
      this.unreadable.push({ path, error: thrown as Error });
      return nothing;
    }
  }
}

/** A file below a folder. */
export interface FileBelow {
  /** Absolute path. */
  path: string;
  /** Names of the folders between, topmost first. */
  folders: string[];
  name: string;
}

/** The image files below a folder, sorted by name together with the folders. */
export async function imagesBelow(
  reader: FolderReader,
  path: string,
  isWanted: (folder: string) => boolean = () => true,
): Promise<FileBelow[]> {
  const found: FileBelow[] = [];
  const walk = async (at: string, folders: string[]): Promise<void> => {
    const listed = await reader.list(at);
    const entries = [
      ...listed.folders.map((name) => ({ name, isFolder: true })),
      ...listed.images.map((name) => ({ name, isFolder: false })),
    ].sort((a, b) => collator.compare(a.name, b.name));
    for (const { name, isFolder } of entries) {
      if (!isFolder) found.push({ path: join(at, name), folders, name });
      else if (isWanted(join(at, name))) await walk(join(at, name), [...folders, name]);
    }
  };
  await walk(path, []);
  return found;
}
