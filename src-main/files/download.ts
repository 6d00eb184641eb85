import { type FileHandle, open, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { PerchError } from '../common/api/errors.ts';
import { makeFolder } from './make-folder.ts';
import { writeError } from './write.ts';

export interface DownloadOptions {
  signal: AbortSignal;
  /** Bytes that the file has where the server does not say. */
  bytes?: number;
  /** Bytes; nothing larger is written to disk. */
  limit: number;
  /** Milliseconds without a byte after which the connection is given up. */
  patience?: number;
  /** Called with the bytes that are there and those expected (0 where nobody knows). */
  onProgress?: ((done: number, total: number) => void) | undefined;
}

/** Why a download did not arrive whole, as part of a sentence. What has come so far is kept. */
export class DownloadInterrupted extends Error {}

/**
 * Downloads to the file `part`; what an earlier attempt left there is continued. Content is for the caller to check.
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
  const idle = new IdleTimer(options.patience ?? 60_000);
  try {
    const signal = AbortSignal.any([options.signal, idle.signal]);
    const headers: Record<string, string> = done > 0 ? { range: `bytes=${done}-` } : {};
    const response = await fetch(address, { headers, signal });
    if (await continues(response, part, done)) await receive(response, part, done, options, idle);
    else await download(address, part, options);
  } catch (cause) {
    if (cause instanceof PerchError || cause instanceof DownloadInterrupted) throw cause;
    if (options.signal.aborted) {
      const message = 'Canceled. What has come so far is kept; fetching it again continues it.';
      throw new PerchError('CANCELED', message, cause);
    }
    throw new DownloadInterrupted(idle.signal.aborted ? idle.words : reasonOf(cause), { cause });
  } finally {
    idle.stop();
  }
}

/** Whether the answer goes on from `done`. Where it does not, the part is deleted: it has to be fetched from its beginning. */
async function continues(response: Response, part: string, done: number): Promise<boolean> {
  const { status } = response;
  // 416: what was asked for lies behind the end, so that all was there.
  if (done === 0 || status === 416) return true;
  const from = response.headers.get('content-range')?.startsWith(`bytes ${done}-`) ?? false;
  if (status === 206 && from) return true;
  await response.body?.cancel();
  await rm(part, { force: true });
  if (status !== 206) return false;
  throw new DownloadInterrupted('the server sent another part than was asked for; try again');
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
    throw new DownloadInterrupted(`it would have ${total} bytes instead of ${bytes ?? limit}`);
  await using file = await openPart(part);
  onProgress?.(done, total);
  for await (const chunk of response.body ?? []) {
    idle.restart();
    done += chunk.length;
    if (done > limit) throw new DownloadInterrupted(`it has more than ${limit} bytes`);
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

/** Aborts its signal once nothing restarted it for so long. */
class IdleTimer {
  readonly #controller = new AbortController();
  readonly #patience: number;
  #timer: NodeJS.Timeout | undefined;

  constructor(patience: number) {
    this.#patience = patience;
    this.restart();
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  get words(): string {
    return `nothing came for ${Math.round(this.#patience / 1000)} seconds`;
  }

  restart(): void {
    this.stop();
    this.#timer = setTimeout(() => this.#controller.abort(), this.#patience);
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
