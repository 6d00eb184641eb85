import { mkdtemp, readdir, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rmSync } from 'node:fs';
import { extractAll } from '@electron/asar';

/**
 * Unpacks the resources of a packaged application for Node.js: `app.asar` becomes a folder, other files are
 * linked. Electron reads archives with a patched `fs`, which the stand-in does not have.
 *
 * @returns a temporary folder, which is deleted with this process
 */
export async function unpackResources(resources: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'perch-resources-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  extractAll(join(resources, 'app.asar'), join(folder, 'app.asar'));
  for (const name of await readdir(resources))
    if (name !== 'app.asar') await symlink(join(resources, name), join(folder, name));
  return folder;
}
