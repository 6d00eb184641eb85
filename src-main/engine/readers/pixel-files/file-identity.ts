import { stat } from 'node:fs/promises';
import { LRUCache } from 'lru-cache';
import { PerchError } from '../../../common/api/errors.ts';
import { listFrames } from '../../../files/frames.ts';
import { framesSha256 } from '../../../files/frames-sha256.ts';
import { splitPage } from '../../../files/paged-path.ts';
import { readError } from '../../../files/read.ts';
import { sha256Of } from '../../../files/sha256.ts';
import { isFrameFolder } from './image-size.ts';

/** A file at a moment. */
export interface FileIdentity {
  sha256: string;
  version: string;
}

/** Checksums of unchanged files, so that a roll of gigabytes is not read again by each request. */
const known = new LRUCache<string, string>({ max: 20_000 });

/** The checksum of a file and its version. @throws PerchError `NOT_FOUND`, `NOT_READABLE`, `IMAGE_CHANGED` */
export async function identify(file: string): Promise<FileIdentity> {
  const version = await versionOf(file);
  const sha256 = known.get(version) ?? (await sha256Of(file));
  await assertUnchanged(file, version);
  known.set(version, sha256);
  return { sha256, version };
}

/** @throws PerchError `IMAGE_CHANGED` if a file is another one than at the moment of `version` */
export async function assertUnchanged(file: string, version: string): Promise<void> {
  if ((await versionOf(file)) === version) return;
  throw new PerchError(
    'IMAGE_CHANGED',
    `${file} changed while Perch read it. Try again when it is complete.`,
  );
}

async function versionOf(file: string): Promise<string> {
  const { ino, size, mtimeMs, ctimeMs } = await stat(file).catch((cause: unknown) => {
    throw readError(file, cause);
  });
  return JSON.stringify([file, ino, size, mtimeMs, ctimeMs]);
}

/**
 * The SHA-256 of an image file, or of the list of a folder's frames. A file is read again only after it has changed.
 *
 * @throws PerchError `NOT_FOUND`, `NOT_READABLE`, `IMAGE_CHANGED`
 */
export async function contentSha256(path: string): Promise<string> {
  const { file } = splitPage(path);
  if (!(await isFrameFolder(path))) return (await identify(file)).sha256;
  const hashes: string[] = [];
  for (const frame of (await listFrames(file)).frames) hashes.push((await identify(frame.path)).sha256);
  return framesSha256(hashes);
}
