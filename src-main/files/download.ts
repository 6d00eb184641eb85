import { type FileHandle, open, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { PerchError } from '../common/api/errors.ts';
import { makeFolder } from './make-folder.ts';
import { writeError } from './write.ts';

export interface DownloadOptions {
  signal: AbortSignal;
  /** Expected size in bytes, used if the server does not announce it. */
  bytes?: number;
  /** Largest size in bytes that is written to disk. */
  limit: number;
  /** Milliseconds without data after which the download fails. */
  idleTimeoutMs?: number;
  /** Receives the downloaded and the expected bytes (0 if unknown). */
  onProgress?: ((done: number, total: number) => void) | undefined;
}

/** Why a download is incomplete, as part of a sentence. The received part stays on disk. */
export class DownloadInterrupted extends Error {}

/**
 * Downloads to the file `part` and continues an earlier incomplete download in that file. The caller verifies the content.
 *
 * @throws DownloadInterrupted; PerchError `CANCELED`, `NOT_WRITABLE`, `DISK_FULL`
 */
export async function download(address: string, part: string, options: DownloadOptions): Promise<void> {
  await makeFolder(dirname(part)).catch((cause: unknown) => {
    throw writeError(dirname(part), cause);
  });
  const done = await stat(part).then(
    ({ size }) => size,
    () => 0,
  );
  const idle = new IdleTimer(options.idleTimeoutMs ?? 60_000);
  try {
    const signal = AbortSignal.any([options.signal, idle.signal]);
    const headers: Record<string, string> = done > 0 ? { range: `bytes=${done}-` } : {};
    const response = await fetch(address, { headers, signal });
    if (await isContinuation(response, part, done)) await receive(response, part, done, options, idle);
    else await download(address, part, options);
  } catch (cause) {
    if (cause instanceof PerchError || cause instanceof DownloadInterrupted) throw cause;
    if (options.signal.aborted) {
      const message = 'Canceled. The next download continues from here.';
      throw new PerchError('CANCELED', message, cause);
    }
    throw new DownloadInterrupted(idle.signal.aborted ? idle.reason : reasonOf(cause), { cause });
  } finally {
    idle.stop();
  }
}

/**
 * Whether the response continues at byte `done`. If not, deletes the part, so that the download starts again.
 */
async function isContinuation(response: Response, part: string, done: number): Promise<boolean> {
  const { status } = response;
  // 416: the requested range starts at the end, so the file is already complete.
  if (done === 0 || status === 416) return true;
  const from = response.headers.get('content-range')?.startsWith(`bytes ${done}-`) ?? false;
  if (status === 206 && from) return true;
  await response.body?.cancel();
  await rm(part, { force: true });
  if (status !== 206) return false;
  throw new DownloadInterrupted('the server sent a different range than requested. Try again');
}

async function receive(
  response: Response,
  part: string,
  before: number,
  { bytes, limit, onProgress }: DownloadOptions,
  idle: IdleTimer,
): Promise<void> {
  let done = before;
  if (response.status === 416 && done > 0) return;
  if (response.status !== 200 && response.status !== 206) {
    await response.body?.cancel();
    throw new DownloadInterrupted(`the server answered ${response.status}`);
  }
  const rest = response.headers.get('content-length');
  const total = rest === null ? (bytes ?? 0) : done + Number(rest);
  if (total > limit)
    throw new DownloadInterrupted(`the server announced ${total} bytes instead of ${bytes ?? limit}`);
  await using file = await openPart(part);
  onProgress?.(done, total);
  for await (const chunk of response.body ?? []) {
    idle.restart();
    done += chunk.length;
    if (done > limit) throw new DownloadInterrupted(`the file has more than ${limit} bytes`);
    await file.writeFile(chunk).catch((cause: unknown) => {
      throw writeError(part, cause);
    });
    onProgress?.(done, total);
  }
  if (done < total) throw new DownloadInterrupted(`the connection ended after ${done} of ${total} bytes`);
  await file.sync();
}

async function openPart(part: string): Promise<FileHandle> {
  return await open(part, 'a').catch((cause: unknown) => {
    throw writeError(part, cause);
  });
}

/** Aborts its signal if it is not restarted in time. */
class IdleTimer {
  readonly #controller = new AbortController();
  readonly #timeoutMs: number;
  #timer: NodeJS.Timeout | undefined;

  constructor(timeoutMs: number) {
    this.#timeoutMs = timeoutMs;
    this.restart();
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  get reason(): string {
    return `no data for ${Math.round(this.#timeoutMs / 1000)} seconds`;
  }

  restart(): void {
    this.stop();
    this.#timer = setTimeout(() => this.#controller.abort(), this.#timeoutMs);
  }

  stop(): void {
    clearTimeout(this.#timer);
  }
}

function reasonOf(cause: unknown): string {
  return [cause, cause instanceof Error ? cause.cause : undefined]
    .map((each) => (each instanceof Error ? each.message : ''))
    .filter((text) => text !== '')
    .join(': ');
}
