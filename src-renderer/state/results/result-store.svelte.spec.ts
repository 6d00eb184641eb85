import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Result } from '../../../src-main/common/api/runs.ts';
import type { Client } from '../../api/connection.svelte.ts';
import { ConnectionLostError } from '../../api/failures.ts';
import { Notices } from '../notices.svelte.ts';
import { ResultStore } from './result-store.svelte.ts';

const aResult = (image: number, method: number, max: number) => ({ image, method, max }) as Result;

describe('ResultStore', () => {
  const load = vi.fn(async ({ dataset, method }: { dataset: number; method: number }) => ({
    results: [aResult(1, method, dataset / 10)],
  }));
  let notices: Notices;
  let results: ResultStore;

  beforeEach(() => {
    load.mockClear();
    notices = new Notices();
    results = new ResultStore({ runs: { results: load } } as unknown as Client, notices);
  });

  it('loads the results of a method once, when they are first read', async () => {
    results.open(1);
    expect(load).not.toHaveBeenCalled();
    expect(results.get(1, 7)).toBeUndefined();
    await vi.waitFor(() => expect(results.get(1, 7)?.max).toBe(0.1));
    expect(results.byMethod(7).size).toBe(1);
    expect(load.mock.calls).toEqual([[{ dataset: 1, method: 7 }]]);
  });

  it('has no result for an image whose heatmap is hidden, except for the statistics of its class', async () => {
    const hidden = new Set([1]);
    const hiding = new ResultStore({ runs: { results: load } } as unknown as Client, notices, () =>
      hidden.size > 0 ? (image) => hidden.has(image) : undefined,
    );
    load.mockResolvedValueOnce({ results: [aResult(1, 7, 0.5), aResult(2, 7, 0.25)] });
    hiding.open(1);
    await vi.waitFor(() => expect(hiding.allByMethod(7).size).toBe(2));
    expect([...hiding.byMethod(7).keys()]).toEqual([2]);
    expect(hiding.get(1, 7)).toBeUndefined();
    hiding.upsert(aResult(3, 7, 0.75));
    await vi.waitFor(() => expect([...hiding.allByMethod(7).keys()]).toEqual([1, 2, 3]));
    expect([...hiding.byMethod(7).keys()]).toEqual([2, 3]);
  });

  it('replaces the results when another dataset is opened', async () => {
    results.open(1);
    results.byMethod(7);
    await vi.waitFor(() => expect(results.get(1, 7)?.max).toBe(0.1));
    results.open(2);
    expect(results.get(1, 7)).toBeUndefined();
    await vi.waitFor(() => expect(results.get(1, 7)?.max).toBe(0.2));
    results.open(undefined);
    expect(results.byMethod(7).size).toBe(0);
  });

  it('ignores results of a dataset that is no longer open', async () => {
    const slow = Promise.withResolvers<{ results: Result[] }>();
    load.mockImplementationOnce(() => slow.promise);
    results.open(1);
    results.byMethod(7);
    results.open(2);
    slow.resolve({ results: [aResult(1, 7, 0.9), aResult(2, 7, 0.9)] });
    await slow.promise;
    results.byMethod(7);
    await vi.waitFor(() => expect(results.get(1, 7)?.max).toBe(0.2));
    expect(results.get(2, 7)).toBeUndefined();
  });

  it('keeps the results of the same dataset until they are reloaded', async () => {
    results.open(1);
    results.byMethod(7);
    await vi.waitFor(() => expect(results.get(1, 7)?.max).toBe(0.1));
    load.mockResolvedValueOnce({ results: [aResult(1, 7, 0.5)] });
    results.open(1);
    expect(results.get(1, 7)?.max).toBe(0.1);
    await vi.waitFor(() => expect(results.get(1, 7)?.max).toBe(0.5));
  });

  it('adds and replaces new results of loaded methods', async () => {
    results.open(1);
    results.byMethod(7);
    await vi.waitFor(() => expect(results.get(1, 7)?.max).toBe(0.1));
    results.upsert(aResult(1, 7, 0.75));
    results.upsert(aResult(2, 7, 0.25));
    results.upsert(aResult(3, 8, 0.5));
    await vi.waitFor(() => expect(results.get(2, 7)?.max).toBe(0.25));
    expect(results.get(1, 7)?.max).toBe(0.75);
    expect(results.get(3, 8)).toBeUndefined();
  });

  it('shows a notice if loading fails, unless the connection was lost', async () => {
    results.open(1);
    load.mockRejectedValueOnce(new ConnectionLostError(undefined)).mockRejectedValueOnce(new Error('disk'));
    results.byMethod(7);
    results.byMethod(8);
    await vi.waitFor(() => expect(notices.all).toHaveLength(1));
    expect(notices.all[0].lines[0].reason).toContain('disk');
  });
});
