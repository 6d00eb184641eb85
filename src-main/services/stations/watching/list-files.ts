import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { readError } from '../../../files/read.ts';
import { isPieceName, isWatchedFolder } from './piece-names.ts';

/**
 * The pieces below a folder by their names, relative to it, with `/`. Links to folders are not followed.
 *
 * @param onFolder receives each folder before it is listed; the folder itself is empty
 * @throws PerchError `NOT_FOUND`, `NOT_READABLE` of the folder itself; a folder below it that cannot be read is empty
 */
export async function listPieceFiles(
  folder: string,
  onFolder: (below: string) => void = () => {},
): Promise<string[]> {
  const files: string[] = [];
  const walk = async (below: string): Promise<void> => {
    const path = join(folder, below);
    onFolder(below);
    const entries = await readdir(path, { withFileTypes: true }).catch((cause: unknown) => {
      if (below === '') throw readError(path, cause);
      return [];
    });
    for (const entry of entries) {
      const file = below === '' ? entry.name : `${below}/${entry.name}`;
      if (entry.isDirectory()) {
        if (isWatchedFolder(entry.name)) await walk(file);
      } else if (isPieceName(file)) files.push(file);
    }
  };
  await walk('');
  return files;
}
