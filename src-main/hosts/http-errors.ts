import { inspect } from 'node:util';
import { PerchError, reportOf } from '../common/api/errors.ts';
import type { ErrorCode, ErrorReport } from '../common/api/errors.ts';

/** The HTTP status that goes with each code, on assets and on calls alike. */
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
  ENGINE_CRASHED: 503,
  CANCELED: 499,
  INTERNAL: 500,
};

/** Where a host writes what is wrong with Perch itself. */
export interface UnexpectedErrorLog {
  /** Names the place to a person: "Perch wrote ... to PLACE". */
  place: string;
  write(thrown: unknown): void;
}

const terminal: UnexpectedErrorLog = {
  place: 'the terminal that it runs in',
  // As text: a guarded terminal would show the colours that `console` gives an object.
  write: (thrown) => console.error(inspect(thrown)),
};

let log = terminal;

/** Has defects written somewhere else than to the terminal: the desktop application has none. Without one, back to it. */
export function logUnexpectedErrorsTo(own: UnexpectedErrorLog = terminal): void {
  log = own;
}

/**
 * The report of a thrown value as a page may see it. What is no `PerchError` is a defect of Perch: its stack goes
 * to the host's log and the page learns only that it happened.
 */
export function toPublicReport(thrown: unknown): ErrorReport {
  const report = reportOf(thrown);
  if (report.code !== 'INTERNAL') return report;
  log.write(thrown);
  if (thrown instanceof PerchError) return report;
  return {
    code: 'INTERNAL',
    message: `Something went wrong inside Perch. Perch wrote what it was to ${log.place}.`,
  };
}
