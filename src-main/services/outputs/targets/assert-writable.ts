import { randomUUID } from 'node:crypto';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeFolder } from '../../../files/make-folder.ts';
import { writeError } from '../../../files/write.ts';

/** Creates a folder if it is missing, and writes and removes a file in it. @throws PerchError `NOT_WRITABLE`, `DISK_FULL` */
export async function assertWritable(folder: string): Promise<void> {
  const path = join(folder, `.perch-${randomUUID().slice(0, 8)}.tmp`);
  try {
    await makeFolder(folder);
    await writeFile(path, 'test', { flag: 'wx' });
  } catch (cause) {
    throw writeError(folder, cause);
  } finally {
    await rm(path, { force: true }).catch(() => {});
  }
}
