import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Result } from '../../src-main/api/runs.ts';
import type { Client } from '../api/connection.svelte.ts';
import { Notices } from './notices.svelte.ts';
import { Results } from './results.svelte.ts';

const result = (image: number, max: number) => ({ image, method: 2, max }) as Result;

describe('results', () => {
  const stored = vi.fn(async () => ({ results: [result(1, 0.1)] }));
  let results: Results;

  beforeEach(() => {
    vi.useFakeTimers();
    stored.mockClear();
    results = new Results({ runs: { results: stored } } as unknown as Client, new Notices());
    results.open(7);
  });

  it('are loaded once, when they are first asked for', async () => {
    expect(results.get(1, 2)).toBeUndefined();
    results.of(2);
    await vi.advanceTimersByTimeAsync(0);
    expect(results.get(1, 2)?.max).toBe(0.1);
    expect(stored).toHaveBeenCalledTimes(1);
  });

  it('take in what is made meanwhile and after', async () => {
    results.of(2);
    results.note(result(1, 0.5));
    await vi.advanceTimersByTimeAsync(1000);
    expect(results.get(1, 2)?.max).toBe(0.5);
    results.note(result(3, 0.9));
    await vi.advanceTimersByTimeAsync(1000);
    expect([...results.of(2).keys()]).toEqual([1, 3]);
  });

  it('are another dataset’s once that is opened', async () => {
    results.of(2);
    results.open(8);
    await vi.advanceTimersByTimeAsync(0);
    expect(results.get(1, 2)).toBeUndefined();
  });
});
