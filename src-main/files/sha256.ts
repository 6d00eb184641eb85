import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { unreadable } from './read.ts';

/** SHA-256 of a file, in hexadecimal. @throws PerchError `NOT_FOUND`, `NOT_READABLE` */
export async function sha256Of(path: string): Promise<string> {
  const hash = createHash('sha256');
  try {
    for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  } catch (cause) {
    throw unreadable(path, cause);
  }
  return hash.digest('hex');
}
