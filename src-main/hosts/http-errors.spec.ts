import { afterEach, expect, it, vi } from 'vitest';
import { toPublicReport, logUnexpectedErrorsTo } from './http-errors.ts';

afterEach(() => {
  logUnexpectedErrorsTo();
  vi.restoreAllMocks();
});

it('logs an unexpected error and reports only where the details are', () => {
  const written = vi.spyOn(console, 'error').mockReturnValue();
  const bug = new TypeError('secret');
  expect(toPublicReport(bug).message).toMatch(/Details are in the terminal\.$/);
  expect(written).toHaveBeenCalledWith(expect.stringContaining('TypeError: secret\n    at '));

  const log = vi.fn();
  logUnexpectedErrorsTo({ place: '/logs/host.log', write: log });
  expect(toPublicReport(bug)).toEqual({
    code: 'INTERNAL',
    message: expect.stringMatching(/Details are in \/logs\/host\.log\.$/),
  });
  expect(log).toHaveBeenCalledWith(bug);
  expect(written).toHaveBeenCalledTimes(1);
});
