import { mkdir, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { extractFile } from '@electron/asar';
import { packedFiles } from '../contents.ts';
import { mirrorFolder } from './mirror.ts';
import type { Packed } from './packed.ts';

/**
 * Copies a packed application so that plain Node can run it in place of Electron. Node cannot read archives,
 * so the archive becomes a folder of the same name. It also contains the unpacked files, as in Electron.
 *
 * @returns the copy's executable
 */
export async function unfolded(packed: Packed, copy: string): Promise<string> {
  await mirrorFolder(packed.folder, copy);
  const resources = join(copy, 'resources');
  const archive = join(resources, 'app.asar');
  const folder = `${archive}.folder`;
  for (const { path } of await packedFiles(resources)) {
    const [, where, name] = /^app\.asar(\/|\.unpacked\/)(.*)$/.exec(path) ?? [];
    if (name === undefined) continue;
    await mkdir(join(folder, dirname(name)), { recursive: true });
    if (where === '/') await writeFile(join(folder, name), extractFile(archive, name));
    else await symlink(join(resources, path), join(folder, name));
  }
  await rm(archive);
  await rename(folder, archive);
  return join(copy, basename(packed.executable));
}
