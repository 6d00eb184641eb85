import { stat } from 'node:fs/promises';
import { PerchError } from '../../common/api/errors.ts';
import { listFrames } from '../../files/frames.ts';
import { framesSha256 } from '../../files/frames-sha256.ts';
import { readError } from '../../files/read.ts';
import { sha256Of } from '../../files/sha256.ts';
import type { FileState } from '../../store/images.ts';

/** Size and times of a file, or the total size and the latest times of a folder's frames. @throws PerchError `NOT_FOUND`, `NOT_READABLE` */
export async function fileTimes(path: string): Promise<Omit<FileState, 'sha256'>> {
  try {
    const own = await stat(path);
    if (!own.isDirectory()) return { bytes: own.size, mtimeMs: own.mtimeMs, ctimeMs: own.ctimeMs };
    const { frames } = await listFrames(path);
    const all = await Promise.all(frames.map((frame) => stat(frame.path)));
    return {
      bytes: all.reduce((sum, { size }) => sum + size, 0),
      mtimeMs: all.reduce((latest, { mtimeMs }) => Math.max(latest, mtimeMs), 0),
      ctimeMs: all.reduce((latest, { ctimeMs }) => Math.max(latest, ctimeMs), 0),
    };
  } catch (cause) {
    throw cause instanceof PerchError ? cause : readError(path, cause);
  }
}

/** The SHA-256 of a file, or of a folder's frames. @throws PerchError `NOT_FOUND`, `NOT_READABLE` */
export async function contentSha256(path: string): Promise<string> {
  if (!(await isFolder(path))) return sha256Of(path);
  const hashes: string[] = [];
  for (const frame of (await listFrames(path)).frames) hashes.push(await sha256Of(frame.path));
  return framesSha256(hashes);
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}
