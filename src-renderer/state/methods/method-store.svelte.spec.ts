import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { MethodUse, Preset, StoredMethod } from '../../../src-main/common/api/runs.ts';
import type { AnyMethod } from '../../../src-main/common/api/schemas.ts';
import type { Client } from '../../api/connection.svelte.ts';
import { Notices } from '../notices.svelte.ts';
import { MethodStore } from './method-store.svelte.ts';

const stored = (id: number) => ({ id, label: `m${id}` }) as StoredMethod;
const used = (id: number, results: number) => ({ ...stored(id), results }) as MethodUse;

describe('MethodStore', () => {
  let uses: Record<number, MethodUse[]>;
  let calls: { used: ReturnType<typeof vi.fn> };
  let notices: Notices;
  let methods: MethodStore;

  beforeEach(() => {
    uses = { 1: [used(1, 5), used(2, 9)], 2: [] };
    calls = { used: vi.fn(async ({ dataset }: { dataset: number }) => ({ methods: uses[dataset] })) };
    notices = new Notices();
    const client = {
      methods: {
        ...calls,
        stored: async () => ({ methods: [stored(1), stored(2)] }),
        store: async ({ label }: { label?: string }) => ({ ...stored(9), label: label ?? 'default' }),
        options: async () => ({ default: {} }),
        presets: async () => ({ presets: [] }),
      },
    };
    methods = new MethodStore(client as unknown as Client, notices);
  });

  it('selects the method with the most results in the dataset', async () => {
    await methods.open(1);
    expect(methods.used.map(({ id }) => id)).toEqual([2, 1]);
    expect(methods.selected?.id).toBe(2);
    expect(methods.label(1)).toBe('m1');
  });

  it('keeps the selected method', async () => {
    methods.selectedId = 1;
    await methods.open(1);
    expect(methods.selected?.id).toBe(1);
  });

  it('selects the default method in a dataset without results', async () => {
    await methods.open(2);
    expect(methods.selected).toMatchObject({ id: 9, label: 'default' });
  });

  it('stores a preset under its name and selects it', async () => {
    await methods.selectPreset({ name: 'fca', title: 'FCA', definition: {} as AnyMethod } as Preset);
    expect(methods.selected).toMatchObject({ id: 9, label: 'fca' });
    expect(methods.stored).toHaveLength(1);
  });

  it('ignores the methods of a dataset that is no longer open', async () => {
    const slow = Promise.withResolvers<{ methods: MethodUse[] }>();
    calls.used.mockImplementationOnce(() => slow.promise);
    const opened = methods.open(1);
    await methods.open(2);
    slow.resolve({ methods: uses[1] });
    await opened;
    expect(methods.used).toEqual([]);
  });

  it('reloads the list once after the first results of new methods', async () => {
    vi.useFakeTimers();
    await methods.open(1);
    for (const method of [1, 7, 8]) methods.recordUse(method);
    await vi.advanceTimersByTimeAsync(1000);
    vi.useRealTimers();
    expect(calls.used).toHaveBeenCalledTimes(2);
  });

  it('shows a notice if methods cannot be loaded', async () => {
    calls.used.mockRejectedValueOnce(new Error('disk'));
    await methods.open(1);
    expect(notices.all).toHaveLength(1);
  });
});
