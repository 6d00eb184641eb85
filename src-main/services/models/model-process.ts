import { type ErrorCode, PerchError } from '../../common/api/errors.ts';
import { EngineClient } from '../../engine/client/engine-client.ts';
import { memoryBudget } from '../../platform/memory.ts';
import type { Progress, RequestKind, EngineRequests } from '../../engine/protocol/messages.ts';

/** Limits of a process that works on an untrusted model. */
export interface ModelLimits {
  seconds: number;
  bytes: number;
}

export interface ModelTask<Kind extends RequestKind> {
  kind: Kind;
  request: EngineRequests[Kind]['request'];
  limits: ModelLimits;
  /** The model, and the error code if it exceeds the limits. */
  path: string;
  code: ErrorCode;
}

/** Time limit for a file of this size, which may be sparse; at most ten minutes. */
const secondsFor = (bytes: number) => Math.min(bytes / 20e6, 600);

/**
 * Limits for reading a file of this size. The process allows itself more memory for the bytes that it reads.
 * It reports the size of weights in other files, which extend the time limit.
 */
export const readingLimits = (bytes: number): ModelLimits => ({
  seconds: 20 + secondsFor(bytes),
  bytes: 768 * 2 ** 20,
});

/** Limits for running the model on the two probe images. */
export const probeLimits = (bytes: number): ModelLimits => ({
  seconds: 60 + secondsFor(bytes),
  bytes: Math.min(2 ** 30 + 4 * bytes, memoryBudget()),
});

/**
 * Sends a request to a separate engine process and then ends the process. Ends it earlier if it exceeds its
 * limits, because a hostile model file can use unlimited time and memory.
 *
 * @throws PerchError the error of the request; `code` if the process exceeded its limits; `CANCELED`
 */
export async function inModelProcess<Kind extends RequestKind>(
  engine: EngineClient,
  { kind, request, limits, path, code }: ModelTask<Kind>,
  { signal, onProgress = () => {} }: { signal: AbortSignal; onProgress?: (progress: Progress) => void },
): Promise<EngineRequests[Kind]['response']> {
  const process = new EngineClient({ ...engine.options, memoryLimit: limits.bytes });
  const late = new AbortController();
  const start = performance.now();
  let { seconds } = limits;
  let timer = setTimeout(() => late.abort(), 1000 * seconds);
  const onReport = (progress: Progress) => {
    if (progress.estimate) {
      seconds += secondsFor(progress.estimate.bytes);
      clearTimeout(timer);
      timer = setTimeout(() => late.abort(), 1000 * seconds - (performance.now() - start));
    }
    onProgress(progress);
  };
  const ended = AbortSignal.any([signal, late.signal]);
  const end = () => void process.close();
  ended.addEventListener('abort', end);
  try {
    ended.throwIfAborted();
    return await process.request(kind, request, { onProgress: onReport });
  } catch (thrown) {
    if (signal.aborted) throw new PerchError('CANCELED', 'Canceled.', thrown);
    if (late.signal.aborted) {
      throw new PerchError(
        code,
        `${path} was refused: ${DOING[kind] ?? 'working on it'} took longer than ${Math.round(seconds)} seconds and was stopped.`,
        thrown,
      );
    }
    // A process that never started reports the reason itself.
    if (thrown instanceof PerchError && thrown.code === 'ENGINE_CRASHED' && process.info) {
      throw new PerchError(
        code,
        `${path} was refused: ${DOING[kind] ?? 'working on it'} took more memory than ${Math.round(limits.bytes / 2 ** 20)} MiB, or ended the ` +
          'process crashed. Perch itself is not affected.',
        thrown,
      );
    }
    throw thrown;
  } finally {
    clearTimeout(timer);
    ended.removeEventListener('abort', end);
    await process.close();
  }
}

const DOING: Partial<Record<RequestKind, string>> = {
  readModel: 'reading it',
  probeModel: 'trying it',
  findTokens: 'trying it',
};
