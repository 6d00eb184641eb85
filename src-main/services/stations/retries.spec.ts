import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { ErrorCode } from '../../common/api/errors.ts';
import { Retries } from './retries.ts';

beforeEach(() => void vi.useFakeTimers({ toFake: ['performance'] }));
afterEach(() => void vi.useRealTimers());
const error = (code: ErrorCode) => ({ code, message: 'why' });

it('lets a piece wait, then tries it again, and ends it after the last try', () => {
  const retries = new Retries();
  expect(retries.next(7, error('ENGINE_CRASHED'), false)).toBe(true);
  expect(retries.pending()).toEqual([7]);
  expect(retries.msUntilNext()).toBe(500);
  vi.advanceTimersByTime(500);
  expect(retries.pending()).toEqual([]);
  expect(retries.next(7, error('ENGINE_CRASHED'), false)).toBe(false);
});

it('waits longer on a share', () => {
  const retries = new Retries();
  retries.next(7, error('NOT_FOUND'), true);
  expect(retries.msUntilNext()).toBe(6000);
});

it('ends a piece at once whose error does not go away', () => {
  expect(new Retries().next(7, error('IMAGE_TOO_LARGE'), false)).toBe(false);
});

it('starts again after a piece is forgotten, and rests a minute without pieces', () => {
  const retries = new Retries();
  retries.next(7, error('ENGINE_CRASHED'), false);
  retries.forget(7);
  expect(retries.msUntilNext()).toBe(60_000);
  expect(retries.next(7, error('ENGINE_CRASHED'), false)).toBe(true);
});

it('does not count a try that was postponed', () => {
  const retries = new Retries();
  retries.postpone(7, 1000);
  expect(retries.pending()).toEqual([7]);
  expect(retries.next(7, error('ENGINE_CRASHED'), false)).toBe(true);
});
