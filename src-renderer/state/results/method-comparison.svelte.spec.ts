import { beforeEach, describe, expect, it, vi } from 'vitest';
import { MAX_SERIES } from '../../charts/series-style.ts';
import type { Client } from '../../api/connection.svelte.ts';
import type { MethodStore } from '../methods/method-store.svelte.ts';
import { MethodComparison } from './method-comparison.svelte.ts';

describe('MethodComparison', () => {
  const evaluation = { paper: vi.fn(), table: vi.fn(), curves: vi.fn() };
  let used: { id: number }[];
  let comparison: MethodComparison;

  beforeEach(() => {
    used = Array.from({ length: MAX_SERIES + 2 }, (_, id) => ({ id }));
    const methods = {
      get used() {
        return used;
      },
    };
    comparison = new MethodComparison({ evaluation } as unknown as Client, methods as unknown as MethodStore);
    evaluation.paper.mockResolvedValue({ systems: [] });
  });

  it('compares the most used methods by default', () => {
    expect(comparison.methods).toEqual(used.slice(0, MAX_SERIES).map(({ id }) => id));
  });

  it('keeps at least one method, and at most as many as a chart distinguishes', () => {
    comparison.toggle(MAX_SERIES);
    expect(comparison.methods).toHaveLength(MAX_SERIES);
    for (const id of [...comparison.methods]) comparison.toggle(id);
    expect(comparison.methods).toEqual([MAX_SERIES - 1]);
    comparison.toggle(MAX_SERIES);
    expect(comparison.methods).toEqual([MAX_SERIES - 1, MAX_SERIES]);
  });

  it('compares the default methods again if the selected ones have no results', () => {
    for (const id of [...comparison.methods].slice(1)) comparison.toggle(id);
    used = [{ id: 5 }, { id: 6 }];
    expect(comparison.methods).toEqual([5, 6]);
  });

  it('reports a failed table, and keeps the other charts', async () => {
    evaluation.table.mockRejectedValueOnce(new Error('disk'));
    comparison.openTable(1, [0, 1]);
    expect(comparison.progress).toEqual({ done: 0, total: 0 });
    await vi.waitFor(() => expect(comparison.failure?.message).toContain('disk'));
    expect(comparison.progress).toBeUndefined();
  });

  it('loads the curves of one method after another, and stops when it is canceled', async () => {
    const first = Promise.withResolvers<object>();
    evaluation.curves.mockImplementationOnce(() => first.promise).mockResolvedValue({});
    const cancel = comparison.openCurves(1, 'linen', [0, 1, 2]);
    cancel();
    first.resolve({});
    await first.promise;
    await new Promise((resolve) => setTimeout(resolve));
    expect(evaluation.curves).toHaveBeenCalledTimes(1);
    expect(comparison.curves.size).toBe(0);
    comparison.openCurves(1, 'linen', [0, 1]);
    await vi.waitFor(() => expect([...comparison.curves.keys()]).toEqual([0, 1]));
  });
});
