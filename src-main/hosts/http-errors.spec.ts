import { afterEach, expect, it, vi } from 'vitest';
import { publicReport, writeDefectsTo } from './http-errors.ts';

afterEach(() => {
  writeDefectsTo();
  vi.restoreAllMocks();
});

it('writes a defect to the log of the host, and tells the page where that is', () => {
  const written = vi.spyOn(console, 'error').mockReturnValue();
  const defect = new TypeError('secret');
  expect(publicReport(defect).message).toMatch(/to the terminal that it runs in\.$/);
  expect(written).toHaveBeenCalledWith(expect.stringContaining('TypeError: secret\n    at '));

  const log = vi.fn();
  writeDefectsTo({ place: '/logs/host.log', write: log });
  expect(publicReport(defect)).toEqual({
    code: 'INTERNAL',
    message: expect.stringMatching(/to \/logs\/host\.log\.$/),
  });
  expect(log).toHaveBeenCalledWith(defect);
  expect(written).toHaveBeenCalledTimes(1);
});
