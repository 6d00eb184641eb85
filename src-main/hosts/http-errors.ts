import { inspect } from 'node:util';
import { PerchError, reportOf } from '../common/api/errors.ts';
import type { ErrorCode, ErrorReport } from '../common/api/errors.ts';

/** The HTTP status of each error code, for assets and calls. */
export const httpStatus: Record<ErrorCode, number> = {
  NOT_FOUND: 404,
  NOT_READABLE: 403,
  NOT_WRITABLE: 403,
  DISK_FULL: 507,
  NOT_AN_IMAGE: 415,
  IMAGE_TOO_LARGE: 413,
  IMAGE_TOO_SMALL: 422,
  NO_IMAGES: 422,
  INVALID_NPY: 422,
  INVALID_FEATURES: 422,
  INVALID_ARGUMENT: 400,
  INVALID_PRESET: 422,
  INVALID_RECIPE: 422,
  INVALID_RULE: 422,
  INVALID_MASK: 422,
  INVALID_MAP: 422,
  NO_GROUND_TRUTH: 422,
  IMAGE_CHANGED: 409,
  DATASET_GONE: 404,
  UNKNOWN_LAYOUT: 422,
  STORE_UNUSABLE: 503,
  STORE_TOO_NEW: 503,
  STORE_BUSY: 503,
  CONFLICT: 409,
  OUT_OF_MEMORY: 413,
  UNKNOWN_NAME: 422,
  MODEL_UNUSABLE: 503,
  MODEL_MISSING: 404,
  CHECKPOINT_REFUSED: 422,
  DOWNLOAD_FAILED: 502,
  NOT_DELIVERED: 502,
  ENGINE_CRASHED: 503,
  QUEUE_UNUSABLE: 503,
  NOT_YET: 503,
  CANCELED: 499,
  INTERNAL: 500,
};

/** Where a host logs unexpected errors, which are bugs in Perch. */
export interface UnexpectedErrorLog {
  /** Name of the log, as in "Details are in PLACE". */
  place: string;
  write(thrown: unknown): void;
}

const terminal: UnexpectedErrorLog = {
  place: 'the terminal',
  // As text, because a guarded terminal would print the color codes that `console` adds to objects.
  write: (thrown) => console.error(inspect(thrown)),
};

let log = terminal;

/** Sets the log of unexpected errors; the terminal by default. */
export function logUnexpectedErrorsTo(target: UnexpectedErrorLog = terminal): void {
  log = target;
}

/**
 * The report of a thrown value for a page. A value that is not a `PerchError` is a bug: its stack goes to the
 * host's log, and the page receives no details.
 */
export function toPublicReport(thrown: unknown): ErrorReport {
  const report = reportOf(thrown);
  if (report.code !== 'INTERNAL') return report;
  log.write(thrown);
  if (thrown instanceof PerchError) return report;
  return {
    code: 'INTERNAL',
    message: `An unexpected error occurred. Details are in ${log.place}.`,
  };
}
