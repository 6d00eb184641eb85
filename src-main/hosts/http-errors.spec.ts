import { afterEach, expect, it, vi } from 'vitest';
import { toPublicReport, logUnexpectedErrorsTo } from './http-errors.ts';

afterEach(() => {
  logUnexpectedErrorsTo();
  vi.restoreAllMocks();
});

it('writes a defect to the log of the host, and tells the page where that is', () => {
  const written = vi.spyOn(console, 'error').mockReturnValue();
  const defect = new TypeError('secret');
  expect(toPublicReport(defect).message).toMatch(/to the terminal that it runs in\.$/);
  expect(written).toHaveBeenCalledWith(expect.stringContaining('TypeError: secret\n    at '));

  const log = vi.fn();
  logUnexpectedErrorsTo({ place: '/logs/host.log', write: log });
  expect(toPublicReport(defect)).toEqual({
    code: 'INTERNAL',
    message: expect.stringMatching(/to \/logs\/host\.log\.$/),
  });
  expect(log).toHaveBeenCalledWith(defect);
  expect(written).toHaveBeenCalledTimes(1);
});
