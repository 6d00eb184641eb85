import { createHash } from 'node:crypto';
import { openRegular, readError } from './read.ts';

/** The SHA-256 of a regular file, in hexadecimal. @throws PerchError `NOT_FOUND`, `NOT_READABLE` */
export async function sha256Of(path: string): Promise<string> {
  const hash = createHash('sha256');
  await using file = await openRegular(path);
  try {
    for await (const chunk of file.createReadStream({ autoClose: false })) hash.update(chunk as Buffer);
  } catch (cause) {
    throw readError(path, cause);
  }
  return hash.digest('hex');
}
