import { ORPCError } from '@orpc/client';
import { reportOf, type ErrorReport } from '../../src-main/common/api/errors.ts';
import { withHint } from './hint-text.ts';

/** A refused asset request, with the host's own words. */
export class AssetError extends Error {
  readonly report: ErrorReport;

  constructor(report: ErrorReport) {
    super(report.message);
    this.name = 'AssetError';
    this.report = report;
  }
}

/** The host was not reached at all. */
export class ConnectionLostError extends Error {
  constructor(cause: unknown) {
    super('The connection to Perch was lost. Reconnecting.', { cause });
    this.name = 'LostError';
  }
}

/** What a failed call, load or upload has to say to a person. */
export function toErrorReport(thrown: unknown): ErrorReport {
  return withHint(reportFrom(thrown));
}

function reportFrom(thrown: unknown): ErrorReport {
  if (thrown instanceof AssetError) return thrown.report;
  if (thrown instanceof ORPCError && isReport(thrown.data)) return thrown.data;
  if (isConnectionLost(thrown)) return { code: 'INTERNAL', message: new ConnectionLostError(thrown).message };
  return reportOf(thrown);
}

/** Whether it is the way to the host that failed, not the host: that is shown for all calls at once. */
export function isConnectionLost(thrown: unknown): boolean {
  // A stream whose connection closes under it ends as if it had been aborted.
  return thrown instanceof ConnectionLostError || (thrown instanceof Error && thrown.name === 'AbortError');
}

export function isReport(value: unknown): value is ErrorReport {
  return typeof value === 'object' && value !== null && 'code' in value && 'message' in value;
}
