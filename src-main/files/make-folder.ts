import { mkdirSync, statSync } from 'node:fs';
import { mkdir, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';

/**
 * Makes a folder and those above it, as far as they are missing. Node's own recursive `mkdir` never ends where a folder that is
 * there answers `ENOENT` when another is to be made in it, as /proc does.
 *
 * @throws the system's error
 */
export async function makeFolder(path: string): Promise<void> {
  const missing: string[] = [];
  for (const folder of upwards(path)) {
    if (await isFolder(folder)) break;
    missing.push(folder);
  }
  for (const folder of missing.reverse()) {
    // Another process may have made it since.
    await mkdir(folder).catch(async (cause: unknown) => {
      if (!(await isFolder(folder))) throw cause;
    });
  }
}

/** The same, at once. */
export function makeFolderSync(path: string): void {
  const missing: string[] = [];
  for (const folder of upwards(path)) {
    if (isFolderSync(folder)) break;
    missing.push(folder);
  }
  for (const folder of missing.reverse()) {
    try {
      mkdirSync(folder);
    } catch (cause) {
      if (!isFolderSync(folder)) throw cause;
    }
  }
}

function* upwards(path: string): Generator<string> {
  let folder = resolve(path);
  for (; folder !== dirname(folder); folder = dirname(folder)) yield folder;
  yield folder;
}

async function isFolder(path: string): Promise<boolean> {
  return await stat(path).then((stats) => stats.isDirectory(), missingOrThrow);
}

function isFolderSync(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch (cause) {
    return missingOrThrow(cause);
  }
}

function missingOrThrow(cause: unknown): false {
  if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return false;
  throw cause;
}
