import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { PerchError } from '../../../common/api/errors.ts';
import { writeFileAtomic } from '../../../files/write.ts';
import { assertWritable } from './assert-writable.ts';
import { currentPath, inFolder, type StationFiles } from './piece-file.ts';
import type { Target, TargetOf } from './target.ts';

/** Ending of the file with a piece's messages, after the name of its image. */
export const SIDECAR = '.jsonl';

/** Writes each message as a line of `<image>.jsonl`, next to the image or in a folder. */
export function openSidecar({ folder }: TargetOf<'file'>, files: StationFiles): Target {
  return {
    async deliver(message) {
      const image = folder === null ? currentPath(files, message) : inFolder(folder, message);
      const path = image + SIDECAR;
      const before = await textOf(path);
      if (before.includes(`"id":"${message.id}"`)) return undefined;
      // The whole file is replaced, so that its reader never sees half a line.
      await writeFileAtomic(path, Buffer.from(`${before}${JSON.stringify(message)}\n`));
      return undefined;
    },
    test: async () => await assertWritable(folder ?? files.folder),
    close: async () => {},
  };
}

async function textOf(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT') return '';
    throw new PerchError(
      'NOT_READABLE',
      `Could not read ${path} (${code}). Check the permissions of ${dirname(path)}.`,
      cause,
    );
  }
}
