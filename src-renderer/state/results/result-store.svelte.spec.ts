import { describe, expect, it, vi } from 'vitest';
import type { Result, Run, RunItem } from '../../../src-main/common/api/runs.ts';
import { Notices } from '../notices.svelte.ts';
import { ResultStore } from './result-store.svelte.ts';
import { RunStore } from '../runs/run-store.svelte.ts';
import { fakeClient } from '../test/client.ts';

const aResult = (image: number, method: number, max: number) => ({ image, method, max }) as Result;
const aRun = (id: number, state: Run['state']) => ({ id, state }) as Run;

describe('results', () => {
  it('are loaded when they are first asked for, and kept as new ones come', async () => {
    const results = new ResultStore(
      fakeClient({ results: [aResult(1, 7, 0.5), aResult(1, 8, 9)] }),
      new Notices(),
    );
    results.open(1);
    expect(results.get(1, 7)).toBeUndefined();
    await vi.waitFor(() => expect(results.get(1, 7)?.max).toBe(0.5));
    results.upsert(aResult(1, 7, 0.75));
    results.upsert(aResult(2, 7, 0.25));
    await vi.waitFor(() => expect(results.get(2, 7)?.max).toBe(0.25));
    expect(results.get(1, 7)?.max).toBe(0.75);
  });

  it('of another dataset are others', async () => {
    const results = new ResultStore(fakeClient({ results: [aResult(1, 7, 0.5)] }), new Notices());
    results.open(1);
    await vi.waitFor(() => expect(results.get(1, 7)).toBeUndefined());
    results.open(undefined);
    expect(results.byMethod(7).size).toBe(0);
  });
});

describe('runs', () => {
  it('are told as they go on; a failure stands until a result comes', async () => {
    const item = { image: 1, method: 7 } as RunItem;
    const told: Result[] = [];
    const failing = new RunStore(fakeClient({ events: [{ type: 'failed', item }] }), new Notices(), () => {});
    await failing.watch();
    expect(failing.failureOf(1, 7)).toBe(item);
    expect(failing.failureOf(1, 8)).toBeUndefined();

    const events = [
      { type: 'failed', item } as const,
      { type: 'result', result: aResult(1, 7, 1) } as const,
      { type: 'runs', runs: [aRun(3, 'waiting'), aRun(2, 'running'), aRun(1, 'done')] } as const,
    ];
    const runs = new RunStore(fakeClient({ events: events as never }), new Notices(), (result) =>
      told.push(result),
    );
    await runs.watch();
    expect(runs.failureOf(1, 7)).toBeUndefined();
    expect(told).toHaveLength(1);
    expect(runs.active.map(({ id }) => id)).toEqual([2, 3]);
  });

  const aStage = { type: 'stage', run: 1, image: 1, method: 7, stage: 'extract', fraction: 0.5 } as const;
  it.each([
    ['its image failed', { type: 'failed', item: { image: 1, method: 7 } as RunItem }],
    ['its image has a result', { type: 'result', result: aResult(1, 7, 1) }],
    ['its run was canceled', { type: 'runs', runs: [aRun(1, 'canceled')] }],
    ['its run was removed', { type: 'runs', runs: [] }],
  ] as const)('are at nothing any more once %s', async (_, event) => {
    const goesOn = { type: 'runs', runs: [aRun(1, 'running')] } as const;
    const known = async (events: unknown[]) => {
      const runs = new RunStore(fakeClient({ events: events as never }), new Notices(), () => {});
      await runs.watch();
      return runs.progress?.image;
    };
    expect(await known([aStage, goesOn])).toBe(1);
    expect(await known([goesOn, aStage, { type: 'result', result: aResult(2, 7, 1) }])).toBe(1);
    expect(await known([goesOn, aStage, event])).toBeUndefined();
  });
});
