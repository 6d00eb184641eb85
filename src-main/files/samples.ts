import { existsSync } from 'node:fs';
import { copyFile, readdir, rename } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isPackaged } from '../platform/installation.js';
import { makeFolder } from './make-folder.ts';
import { writeError } from './write.ts';

/** The folder of the sample textures. In the packaged application it lies beside the archive, which plain Node cannot read. */
export const samplesFolder = fileURLToPath(new URL('../../assets/samples', import.meta.url)).replace(
  /app\.asar(?=[\\/])/,
  'app.asar.unpacked',
);

/**
 * The sample textures where a dataset made of them finds them again. Those of the packaged application are copied into the
 * folder of the store first: an AppImage lies at another place at each start, and an update or removal takes its files away.
 * What is there already stays as it is.
 *
 * @param home folder of the store
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
      // Whole or not at all: what a process that was killed left is written once more.
      await copyFile(from, `${to}.part`);
      await rename(`${to}.part`, to);
    }
  } catch (cause) {
    throw writeError(folder, cause);
  }
  return folder;
}
