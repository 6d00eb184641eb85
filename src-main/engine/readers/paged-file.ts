import { stat } from 'node:fs/promises';
import { readInputFile, readError } from '../../files/read.ts';

/** The file whose pages are read at present. */
interface Kept {
  version: string;
  bytes: Promise<Buffer<ArrayBuffer>>;
  timer: NodeJS.Timeout;
}

/** How long a file stays in memory after its last page was asked for. */
const KEEP_MS = 5_000;

let kept: Kept | undefined;

/**
 * The bytes of a file of which page after page is asked for. The last such file is kept for a few seconds while it does not change on
 * disk: a stack of thousands of pages would otherwise be read once for each of them.
 *
 * @throws PerchError as `readInputFile`
 */
export async function readPagedFile(file: string): Promise<Buffer<ArrayBuffer>> {
  const { ino, size, mtimeMs, ctimeMs } = await stat(file).catch((cause: unknown) => {
    throw readError(file, cause);
  });
  const version = JSON.stringify([file, ino, size, mtimeMs, ctimeMs]);
  clearTimeout(kept?.timer);
  const bytes = kept?.version === version ? kept.bytes : readInputFile(file);
  const timer = setTimeout(() => (kept = undefined), KEEP_MS).unref();
  kept = { version, bytes, timer };
  return bytes;
}
