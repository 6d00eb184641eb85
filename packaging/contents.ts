import { readdir, stat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { getRawHeader, type DirectoryRecord } from '@electron/asar';

export interface PackedFile {
  /** Relative to the resources folder, with `/`. Files in the archive are below `app.asar/`. */
  path: string;
  bytes: number;
}

/** Every file in a packed application's resources: in its archive, next to it, and all others. */
export async function packedFiles(resources: string): Promise<PackedFile[]> {
  const archive = join(resources, 'app.asar');
  return [...inArchive(getRawHeader(archive).header, 'app.asar'), ...(await onDisk(resources, archive))];
}

function inArchive(folder: DirectoryRecord, path: string): PackedFile[] {
  return Object.entries(folder.files).flatMap(([name, entry]) => {
    const below = `${path}/${name}`;
    if ('files' in entry) return inArchive(entry, below);
    if ('link' in entry) return [{ path: below, bytes: 0 }];
    // Unpacked files are listed from the disk.
    return entry.unpacked ? [] : [{ path: below, bytes: entry.size }];
  });
}

async function onDisk(resources: string, archive: string): Promise<PackedFile[]> {
  const files: PackedFile[] = [];
  for (const entry of await readdir(resources, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isDirectory() || path === archive) continue;
    files.push({ path: relative(resources, path).split(sep).join('/'), bytes: (await stat(path)).size });
  }
  return files;
}
