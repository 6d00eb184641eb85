import type { ErrorHint } from './error-hints.ts';

/** All error codes. A code keeps its meaning across versions. */
export const errorCodes = [
  'NOT_FOUND',
  'NOT_READABLE',
  'NOT_WRITABLE',
  'DISK_FULL',
  'NOT_AN_IMAGE',
  'IMAGE_TOO_LARGE',
  'IMAGE_TOO_SMALL',
  'NO_IMAGES',
  'INVALID_NPY',
  'INVALID_FEATURES',
  'INVALID_ARGUMENT',
  'INVALID_PRESET',
  'INVALID_RECIPE',
  'INVALID_RULE',
  'INVALID_MASK',
  'INVALID_MAP',
  'NO_GROUND_TRUTH',
  'IMAGE_CHANGED',
  'DATASET_GONE',
  'UNKNOWN_LAYOUT',
  'STORE_UNUSABLE',
  'STORE_TOO_NEW',
  'STORE_BUSY',
  'CONFLICT',
  'OUT_OF_MEMORY',
  'UNKNOWN_NAME',
  'MODEL_UNUSABLE',
  'MODEL_MISSING',
  'CHECKPOINT_REFUSED',
  'DOWNLOAD_FAILED',
  'NOT_DELIVERED',
  'ENGINE_CRASHED',
  'QUEUE_UNUSABLE',
  'NOT_YET',
  'CANCELED',
  'INTERNAL',
] as const;

export type ErrorCode = (typeof errorCodes)[number];

/** An error in the form that crosses a process boundary. */
export interface ErrorReport {
  code: ErrorCode;
  /** One or two sentences: what happened to which file. */
  message: string;
  /** What the user can do about it. Each host has its own wording. */
  hint?: ErrorHint | undefined;
}

/** An error that the user can act on. Every error that reaches a user is a `PerchError`. */
export class PerchError extends Error {
  readonly code: ErrorCode;
  readonly hint: ErrorHint | undefined;

  constructor(code: ErrorCode, message: string, cause?: unknown, hint?: ErrorHint) {
    super(message, { cause });
    this.name = 'PerchError';
    this.code = code;
    this.hint = hint;
  }
}

/** The report of any thrown value. A value that is not a `PerchError` is a bug and is reported as `INTERNAL`. */
export function reportOf(thrown: unknown): ErrorReport {
  if (thrown instanceof PerchError) {
    const { code, message, hint } = thrown;
    return { code, message, ...(hint && { hint }) };
  }
  if (thrown instanceof Error && thrown.name === 'AbortError')
    return { code: 'CANCELED', message: 'Canceled.' };
  const ofStore = storeReport(thrown);
  if (ofStore) return ofStore;
  const what = thrown instanceof Error ? thrown.message : String(thrown);
  return { code: 'INTERNAL', message: `An error occurred in Perch: ${what}` };
}

/** The report of a database failure at runtime. An invalid statement is a bug, not a failure of the store. */
function storeReport(thrown: unknown): ErrorReport | undefined {
  if (!(thrown instanceof Error) || thrown.name !== 'SqliteError') return undefined;
  const { code = '', message } = thrown as Error & { code?: string };
  if (/^SQLITE_(BUSY|LOCKED)/.test(code))
    return {
      code: 'STORE_BUSY',
      message: 'Another program locked the store for too long. Try again.',
    };
  if (code.startsWith('SQLITE_FULL'))
    return {
      code: 'DISK_FULL',
      message: 'Could not write to the store because the disk is full. Free some space.',
    };
  if (!/^SQLITE_(CORRUPT|NOTADB|IOERR|READONLY|CANTOPEN)/.test(code)) return undefined;
  return {
    code: 'STORE_UNUSABLE',
    message: `The store is no longer usable (${message}).`,
    hint: { kind: 'run-doctor' },
  };
}

export function errorOf(report: ErrorReport): PerchError {
  return new PerchError(report.code, report.message, undefined, report.hint);
}
