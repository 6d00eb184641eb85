import { expect, it, vi } from 'vitest';
import { AsyncCache } from './async-cache.ts';

it('shares one load among concurrent requests, and disposes of nothing', async () => {
  const dispose = vi.fn();
  const cache = new AsyncCache<object>(100, () => 10, dispose);
  const load = vi.fn(async () => ({}));
  const [first, second] = await Promise.all([cache.get('a', load), cache.get('a', load)]);
  expect(second).toBe(first);
  expect(await cache.get('a', load)).toBe(first);
  expect(load).toHaveBeenCalledTimes(1);
  expect(dispose).not.toHaveBeenCalled();
});

it('loads again after a failed load', async () => {
  const cache = new AsyncCache<{ text: string }>(100, () => 1);
  await expect(cache.get('a', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(cache.peek('a')).toBeUndefined();
  expect(await cache.get('a', async () => ({ text: 'yes' }))).toEqual({ text: 'yes' });
  expect(cache.peek('a')).toEqual({ text: 'yes' });
});

it('disposes of values beyond the budget', async () => {
  const dispose = vi.fn();
  const cache = new AsyncCache<object>(15, () => 10, dispose);
  const first = await cache.get('a', async () => ({ name: 'a' }));
  await cache.get('b', async () => ({ name: 'b' }));
  expect(dispose.mock.calls.map(([value]) => value as object)).toEqual([first]);
});
