import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ScoreHistogram } from '../../../src-main/common/api/evaluation.ts';
import type { Client } from '../../api/connection.svelte.ts';
import { ClassHistogram } from './class-histogram.svelte.ts';

const key = { dataset: 1, textureClass: 'linen', method: 7, version: '1' };

describe('ClassHistogram', () => {
  const load = vi.fn<() => Promise<ScoreHistogram>>();
  let histogram: ClassHistogram;

  beforeEach(() => {
    vi.useFakeTimers();
    load.mockReset();
    load.mockImplementation(async () => ({ low: load.mock.calls.length }) as ScoreHistogram);
    histogram = new ClassHistogram({ evaluation: { histogram: load } } as unknown as Client);
  });
  afterEach(() => vi.useRealTimers());

  it('loads another class immediately', async () => {
    histogram.open(key);
    await vi.advanceTimersByTimeAsync(0);
    expect(histogram.counts?.low).toBe(1);
    histogram.open({ ...key, textureClass: 'felt' });
    expect(histogram.counts).toBeUndefined();
    await vi.advanceTimersByTimeAsync(0);
    expect(histogram.counts?.low).toBe(2);
  });

  it('reloads the same class after a delay, and shows the outdated counts until then', async () => {
    histogram.open(key);
    await vi.advanceTimersByTimeAsync(0);
    for (const version of ['2', '3', '4']) histogram.open({ ...key, version })();
    histogram.open({ ...key, version: '5' });
    await vi.advanceTimersByTimeAsync(100);
    expect([load.mock.calls.length, histogram.counts?.low]).toEqual([1, 1]);
    await vi.advanceTimersByTimeAsync(1000);
    expect([load.mock.calls.length, histogram.counts?.low]).toEqual([2, 2]);
  });

  it('reports why loading failed, until it succeeds', async () => {
    load.mockRejectedValueOnce(new Error('disk'));
    histogram.open(key);
    await vi.advanceTimersByTimeAsync(0);
    expect(histogram.failure).toContain('disk');
    histogram.open({ ...key, version: '2' });
    await vi.advanceTimersByTimeAsync(1000);
    expect(histogram.failure).toBeUndefined();
  });
});
