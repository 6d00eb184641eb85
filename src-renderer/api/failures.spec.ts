import { ORPCError } from '@orpc/client';
import { describe, expect, it } from 'vitest';
import { PerchError } from '../../src-main/common/api/errors.ts';
import { AssetError, toErrorReport, isConnectionLost, ConnectionLostError } from './failures.ts';

const report = { code: 'NOT_FOUND', message: 'There is no such file.' } as const;

describe('toErrorReport', () => {
  it('returns the report of the host', () => {
    expect(toErrorReport(new AssetError(report))).toEqual(report);
    expect(toErrorReport(new ORPCError('NOT_FOUND', { data: report }))).toEqual(report);
    expect(toErrorReport(new PerchError('INVALID_NPY', 'Not an array.'))).toEqual({
      code: 'INVALID_NPY',
      message: 'Not an array.',
    });
  });

  it('distinguishes a lost connection from a refusal', () => {
    expect(isConnectionLost(new ConnectionLostError(undefined))).toBe(true);
    expect(isConnectionLost(new DOMException('closed', 'AbortError'))).toBe(true);
    expect(isConnectionLost(new AssetError(report))).toBe(false);
    expect(toErrorReport(new ConnectionLostError(undefined)).message).toContain('connection');
  });

  it('reports other errors as internal', () => {
    expect(toErrorReport(new TypeError('x is not a function'))).toEqual({
      code: 'INTERNAL',
      message: 'An error occurred in Perch: x is not a function',
    });
  });
});
