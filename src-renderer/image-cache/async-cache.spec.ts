import { expect, it, vi } from 'vitest';
import { Loader } from './async-cache.ts';

it('makes once what is asked for twice at once, and releases none of it', async () => {
  const release = vi.fn();
  const loader = new Loader<object>(100, () => 10, release);
  const make = vi.fn(async () => ({}));
  const [first, second] = await Promise.all([loader.load('a', make), loader.load('a', make)]);
  expect(second).toBe(first);
  expect(await loader.load('a', make)).toBe(first);
  expect(make).toHaveBeenCalledTimes(1);
  expect(release).not.toHaveBeenCalled();
});

it('makes anew what could not be made', async () => {
  const loader = new Loader<string>(100, () => 1);
  await expect(loader.load('a', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(loader.kept('a')).toBeUndefined();
  expect(await loader.load('a', async () => 'yes')).toBe('yes');
  expect(loader.kept('a')).toBe('yes');
});
