import { createReadStream } from 'node:fs';
import { mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { createHash } from 'node:crypto';
import type { Hash } from 'node:crypto';
import { PerchError } from '../../api/errors.ts';
import { perchHome } from '../../files/home.ts';
import { unwritable } from '../../files/write.ts';
import type { KnownBackbone } from '../../methods/extractors/known-backbones.ts';

/** Checkpoints of other sizes are not what was asked for; nothing larger is written to disk. */
const MAX_SIZE_FACTOR = 2;

export interface FetchOptions {
  signal: AbortSignal;
  /** The folder to download from instead of the publisher's, ending in /. */
  address?: string | undefined;
  /** Called with the bytes that are there and those expected. */
  onProgress?: (done: number, total: number) => void;
}

/**
 * Downloads the published checkpoint of a backbone to the user's data folder and answers its path. What an earlier
 * attempt left is continued; the start of the SHA-256 is compared at the end.
 *
 * @throws PerchError `DOWNLOAD_FAILED`, `CHECKPOINT_REFUSED` (other content than published), `NOT_WRITABLE`, `DISK_FULL`
 */
export async function fetchCheckpoint(known: KnownBackbone, options: FetchOptions): Promise<string> {
  const path = join(perchHome(), 'downloads', known.file);
  const part = `${path}.part`;
  if (await isPublished(path, known)) return path;
  await mkdir(dirname(path), { recursive: true }).catch((cause: unknown) => {
    throw unwritable(dirname(path), cause);
  });
  const hash = await download(known, part, options);
  if (!hash.startsWith(known.sha256Prefix)) {
    await rm(part, { force: true });
    throw new PerchError(
      'CHECKPOINT_REFUSED',
      `What was downloaded as ${known.file} has the SHA-256 ${hash}, and it should begin with ${known.sha256Prefix}. It ` +
        'was deleted. Try again; if it happens again, something between here and the publisher changes downloads.',
    );
  }
  await rename(part, path).catch((cause: unknown) => {
    throw unwritable(path, cause);
  });
  return path;
}

/** Whether the checkpoint is there already: downloaded whole, but not added. */
async function isPublished(path: string, { sha256Prefix }: KnownBackbone): Promise<boolean> {
  const hash = createHash('sha256');
  return (await hashOfFile(path, hash)) > 0 && hash.digest('hex').startsWith(sha256Prefix);
}

/** Completes the partial file; answers the SHA-256 of the whole. */
async function download(known: KnownBackbone, part: string, options: FetchOptions): Promise<string> {
  const hash = createHash('sha256');
  let done = await hashOfFile(part, hash);
  const response = await request(known, done, options);
  const { status } = response;
  // Asked for what lies behind the end: it was all there.
  if (status === 416 && done > 0) return hash.digest('hex');
  if (done > 0 && (status !== 206 || !continues(response, done))) {
    await response.body?.cancel();
    await rm(part, { force: true });
    if (status === 206)
      throw failed(known, options, 'the server sent another part than was asked for; try again');
    return download(known, part, options);
  }
  if (status !== 200 && status !== 206) throw failed(known, options, `the server answered ${status}`);
  const total = done + Number(response.headers.get('content-length') ?? known.bytes - done);
  const limit = MAX_SIZE_FACTOR * known.bytes;
  if (total > limit) throw failed(known, options, `it would have ${total} bytes instead of ${known.bytes}`);

  await using file = await openPart(part);
  options.onProgress?.(done, total);
  for await (const chunk of chunksOf(response, known, options)) {
    done += chunk.length;
    if (done > limit)
      throw failed(known, options, `it has more than ${limit} bytes instead of ${known.bytes}`);
    await file.writeFile(chunk).catch((cause: unknown) => {
      throw unwritable(part, cause);
    });
    hash.update(chunk);
    options.onProgress?.(done, total);
  }
  if (done < total) throw failed(known, options, `the connection ended after ${done} of ${total} bytes`);
  await file.sync();
  return hash.digest('hex');
}

async function request(known: KnownBackbone, done: number, options: FetchOptions): Promise<Response> {
  try {
    return await fetch(addressOf(known, options), {
      headers: done > 0 ? { range: `bytes=${done}-` } : {},
      signal: options.signal,
    });
  } catch (cause) {
    throw interrupted(known, options, cause);
  }
}

async function* chunksOf(
  { body }: Response,
  known: KnownBackbone,
  options: FetchOptions,
): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of body ?? []) yield chunk;
  } catch (cause) {
    throw cause instanceof PerchError ? cause : interrupted(known, options, cause);
  }
}

function continues({ headers }: Response, done: number): boolean {
  return headers.get('content-range')?.startsWith(`bytes ${done}-`) ?? false;
}

/** Feeds what is there already to the hash; answers its size, 0 where there is nothing. */
async function hashOfFile(path: string, hash: Hash): Promise<number> {
  const size = await stat(path).then(
    (found) => found.size,
    () => 0,
  );
  if (size > 0) for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return size;
}

async function openPart(part: string) {
  try {
    return await open(part, 'a');
  } catch (cause) {
    throw unwritable(part, cause);
  }
}

function interrupted(known: KnownBackbone, options: FetchOptions, cause: unknown): PerchError {
  if (options.signal.aborted) {
    return new PerchError(
      'CANCELLED',
      'Cancelled. What has come so far is kept; fetching it again continues it.',
      cause,
    );
  }
  const reasons = [cause, cause instanceof Error ? cause.cause : undefined];
  const reason = reasons
    .map((each) => (each instanceof Error ? each.message : ''))
    .filter((text) => text !== '');
  return failed(known, options, reason.join(': '), cause);
}

function failed(known: KnownBackbone, options: FetchOptions, reason: string, cause?: unknown): PerchError {
  const { name, file } = known;
  return new PerchError(
    'DOWNLOAD_FAILED',
    `${addressOf(known, options)} could not be downloaded (${reason}). What has come so far is kept; fetching it again ` +
      'continues it. Without internet: download that address on another machine, bring the file and add it from there: in ' +
      `the window's settings, or perch models add ${name} --from ${file}`,
    cause,
  );
}

function addressOf({ address, file }: KnownBackbone, options: FetchOptions): string {
  return new URL(file, options.address ?? address).href;
}
