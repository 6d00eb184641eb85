import { rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { PerchError } from '../../common/api/errors.ts';
import { download, DownloadInterrupted } from '../../files/download.ts';
import { dataDirectory } from '../../files/data-dir.ts';
import { sha256Of } from '../../files/sha256.ts';
import { writeError } from '../../files/write.ts';
import type { KnownBackbone } from '../../methods/extractors/known-backbones.ts';

/** Maximum download size, relative to the published checkpoint. A larger file cannot be that checkpoint. */
const MAX_SIZE_FACTOR = 2;
/** Maximum size of a checkpoint whose size is not known. The largest known one has 1.2 GB. */
const MAX_UNKNOWN_BYTES = 6e9;

export interface FetchOptions {
  signal: AbortSignal;
  /** The folder to download from instead of the publisher's. Ends with /. */
  address?: string | undefined;
  /** Receives the downloaded bytes and the total. */
  onProgress?: (done: number, total: number) => void;
}

/**
 * Downloads a backbone's published checkpoint to the user's data folder and returns its path. Resumes an
 * earlier attempt. Compares the start of the SHA-256 at the end, if the publisher states it.
 *
 * @throws PerchError `DOWNLOAD_FAILED`, `CHECKPOINT_REFUSED` (content differs from the published file),
 * `NOT_WRITABLE`, `DISK_FULL`
 */
export async function downloadCheckpoint(known: KnownBackbone, options: FetchOptions): Promise<string> {
  const path = join(dataDirectory(), 'downloads', known.file);
  const part = `${path}.part`;
  if (await isPublished(path, known)) return path;
  await complete(known, part, options);
  const hash = await sha256Of(part);
  if (known.sha256Prefix !== undefined && !hash.startsWith(known.sha256Prefix)) {
    await rm(part, { force: true });
    throw new PerchError(
      'CHECKPOINT_REFUSED',
      `The download of ${known.file} has the SHA-256 ${hash}, which should begin with ${known.sha256Prefix}. It ` +
        'was deleted. Try again. If it happens again, a proxy or scanner may be changing downloads.',
    );
  }
  await rename(part, path).catch((cause: unknown) => {
    throw writeError(path, cause);
  });
  return path;
}

/** Whether the checkpoint is completely downloaded but not yet imported. */
async function isPublished(path: string, { sha256Prefix }: KnownBackbone): Promise<boolean> {
  // A complete file has this name only after its check.
  if (sha256Prefix === undefined) return isFile(path);
  const hash = await sha256Of(path).catch(() => '');
  return hash.startsWith(sha256Prefix);
}

async function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isFile(),
    () => false,
  );
}

async function complete(known: KnownBackbone, part: string, options: FetchOptions): Promise<void> {
  const { signal, onProgress } = options;
  const { bytes } = known;
  try {
    await download(addressOf(known, options), part, {
      signal,
      onProgress,
      ...(bytes !== undefined && { bytes }),
      limit: bytes === undefined ? MAX_UNKNOWN_BYTES : MAX_SIZE_FACTOR * bytes,
    });
  } catch (cause) {
    if (cause instanceof DownloadInterrupted) throw failed(known, options, cause.message, cause);
    throw cause;
  }
}

function failed(known: KnownBackbone, options: FetchOptions, reason: string, cause: unknown): PerchError {
  const { name, file } = known;
  return new PerchError(
    'DOWNLOAD_FAILED',
    `Could not download ${addressOf(known, options)} (${reason}). The partial download is kept; downloading again ` +
      'resumes it. Without an internet connection, download that file on another machine and import it here.',
    cause,
    { kind: 'import-model-file', model: name, file },
  );
}

function addressOf({ address, file }: KnownBackbone, options: FetchOptions): string {
  return new URL(file, options.address ?? address).href;
}
