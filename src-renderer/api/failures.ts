import { ORPCError } from '@orpc/client';
import { reportOf, type ErrorReport } from '../../src-main/common/api/errors.ts';
import { withHint } from './hint-text.ts';

/** The host refused an asset request. */
export class AssetError extends Error {
  readonly report: ErrorReport;

  constructor(report: ErrorReport) {
    super(report.message);
    this.name = 'AssetError';
    this.report = report;
  }
}

/** The host did not respond. */
export class ConnectionLostError extends Error {
  constructor(cause: unknown) {
    super('The connection to Perch was lost. Reconnecting.', { cause });
    this.name = 'LostError';
  }
}

/** The error report of a failed call, download or upload. */
export function toErrorReport(thrown: unknown): ErrorReport {
  return withHint(reportFrom(thrown));
}

function reportFrom(thrown: unknown): ErrorReport {
  if (thrown instanceof AssetError) return thrown.report;
  if (thrown instanceof ORPCError && isReport(thrown.data)) return thrown.data;
  if (isConnectionLost(thrown)) return { code: 'INTERNAL', message: new ConnectionLostError(thrown).message };
  return reportOf(thrown);
}

/** Whether the connection failed, not the call. The window shows that once for all calls. */
export function isConnectionLost(thrown: unknown): boolean {
  // A stream ends with an AbortError when its connection closes.
  return thrown instanceof ConnectionLostError || (thrown instanceof Error && thrown.name === 'AbortError');
}

export function isReport(value: unknown): value is ErrorReport {
  return typeof value === 'object' && value !== null && 'code' in value && 'message' in value;
}
