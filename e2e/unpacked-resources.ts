import { mkdtemp, readdir, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rmSync } from 'node:fs';

/** The part of `@electron/asar`, which electron-builder brings, that is needed here. */
interface Asar {
  extractAll(archive: string, folder: string): void;
}

/**
 * The resources of a packaged application as plain Node can read them: `app.asar` as a folder of that name, and
 * everything else linked. Electron reads archives by its patch of `fs`, which the stand-in has not.
 *
 * @returns a temporary folder, which goes with this process
 */
export async function unpackResources(resources: string): Promise<string> {
  // Of electron-builder: it has to be the one that packed.
  const require = createRequire(createRequire(import.meta.url).resolve('electron-builder'));
  const asar = require('@electron/asar') as Asar;
  const folder = await mkdtemp(join(tmpdir(), 'perch-resources-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  asar.extractAll(join(resources, 'app.asar'), join(folder, 'app.asar'));
  for (const name of await readdir(resources))
    if (name !== 'app.asar') await symlink(join(resources, name), join(folder, name));
  return folder;
}
