import { existsSync } from 'node:fs';
import { copyFile, readdir, rename } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isPackaged } from '../platform/installation.js';
import { makeFolder } from './make-folder.ts';
import { writeError } from './write.ts';

/** The folder of the sample textures. The packaged application has it outside the archive, because plain Node cannot read archives. */
export const samplesFolder = fileURLToPath(new URL('../../assets/samples', import.meta.url)).replace(
  /app\.asar(?=[\\/])/,
  'app.asar.unpacked',
);

/**
 * Returns a folder of the sample textures that is permanent, so that a dataset of them stays valid. The samples of the packaged
 * application are first copied to the data directory, because an AppImage is mounted at a different path at each start, and an update
 * replaces its files. Existing copies do not change.
 *
 * @param home the data directory
 * @throws PerchError `NOT_WRITABLE`, `DISK_FULL`
 */
export async function persistentSamples(
  home: string,
  { packaged = isPackaged, source = samplesFolder } = {},
): Promise<string> {
  if (!packaged) return source;
  const folder = join(home, 'samples');
  try {
    const entries = await readdir(source, { recursive: true, withFileTypes: true });
    for (const { parentPath, name } of entries.filter((entry) => entry.isFile())) {
      const from = join(parentPath, name);
      const to = join(folder, relative(source, from));
      if (existsSync(to)) continue;
      await makeFolder(dirname(to));
      // Renamed after copying, so that a killed process leaves no partial file under the final name.
      await copyFile(from, `${to}.part`);
      await rename(`${to}.part`, to);
    }
  } catch (cause) {
    throw writeError(folder, cause);
  }
  return folder;
}
