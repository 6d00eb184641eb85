import { createHash } from 'node:crypto';

/** Identifies the content of a folder of frames by the SHA-256 of each frame, in order. */
export function framesSha256(hashes: readonly string[]): string {
  return createHash('sha256').update(hashes.join('\n')).digest('hex');
}
