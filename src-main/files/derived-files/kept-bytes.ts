import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { writeFileAtomic } from '../write.ts';

/** Total size of the files that are kept, if no limit is set. */
export const DEFAULT_DERIVED_BYTES = 16 * 2 ** 30;

const limit = z.object({ bytes: z.number().min(0) });

/** The file next to a folder of derived files in which their limit is, because the engine does not read the database. */
const fileOf = (folder: string) => `${folder}-limit.json`;

/** The total size of a folder's files that are kept. A file that cannot be read is as none. */
export async function keptBytes(folder: string): Promise<number> {
  try {
    return limit.parse(JSON.parse(await readFile(fileOf(folder), 'utf8'))).bytes;
  } catch {
    return DEFAULT_DERIVED_BYTES;
  }
}

/** Sets the limit. It holds from the next file that is made. @throws PerchError `NOT_WRITABLE`, `DISK_FULL` */
export async function setKeptBytes(folder: string, bytes: number): Promise<void> {
  await writeFileAtomic(fileOf(folder), Buffer.from(JSON.stringify({ bytes })));
}
