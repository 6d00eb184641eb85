import { mkdtemp, readdir, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rmSync } from 'node:fs';
import { extractAll } from '@electron/asar';

/**
 * The resources of a packaged application as plain Node can read them: `app.asar` as a folder of that name, and
 * everything else linked. Electron reads archives by its patch of `fs`, which the stand-in has not.
 *
 * @returns a temporary folder, which goes with this process
 */
export async function unpackResources(resources: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'perch-resources-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  extractAll(join(resources, 'app.asar'), join(folder, 'app.asar'));
  for (const name of await readdir(resources))
    if (name !== 'app.asar') await symlink(join(resources, name), join(folder, name));
  return folder;
}
