import { ORPCError } from '@orpc/client';
import type { ErrorReport } from '../../src-main/api/errors.ts';

/** What a failed call, load or upload has to say to a person. */
export function failureOf(thrown: unknown): ErrorReport {
  if (thrown instanceof AssetError) return thrown.report;
  if (thrown instanceof ORPCError && isReport(thrown.data)) return thrown.data;
  if (thrown instanceof ORPCError) return { code: 'INTERNAL', message: thrown.message };
  return { code: 'INTERNAL', message: 'The connection to Perch was lost. It is being opened again.' };
}

/** A refused asset request, with the host's own words. */
export class AssetError extends Error {
  readonly report: ErrorReport;

  constructor(report: ErrorReport) {
    super(report.message);
    this.name = 'AssetError';
    this.report = report;
  }
}

export function isReport(value: unknown): value is ErrorReport {
  return typeof value === 'object' && value !== null && 'code' in value && 'message' in value;
}
