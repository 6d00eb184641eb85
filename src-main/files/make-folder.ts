import { mkdirSync, statSync } from 'node:fs';
import { mkdir, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';

/**
 * Creates a folder and its missing parents. Node's recursive `mkdir` loops forever below folders that report `ENOENT` for a new child,
 * such as /proc.
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
    // Another process may have created it in the meantime.
    await mkdir(folder).catch(async (cause: unknown) => {
      if (!(await isFolder(folder))) throw cause;
    });
  }
}

/** The synchronous form of `makeFolder`. */
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
