import { describe, expect, it, vi } from 'vitest';
import type { Result, Run, RunEvent, RunItem } from '../../../src-main/common/api/runs.ts';
import type { Client } from '../../api/connection.svelte.ts';
import { Notices } from '../notices.svelte.ts';
import { fakeClient } from '../test/client.ts';
import { RunStore } from './run-store.svelte.ts';

const aResult = (image: number, method: number) => ({ image, method, max: 1 }) as Result;
const aRun = (id: number, state: Run['state']) => ({ id, state }) as Run;
const anItem = (image: number, method: number) => ({ image, method }) as RunItem;
const stage = { type: 'stage', run: 1, image: 1, method: 7, stage: 'extract', fraction: 0.5 } as const;

/** A store that has received events. */
async function receive(...events: RunEvent[]) {
  const onResult = vi.fn<(result: Result) => void>();
  const onEnd = vi.fn();
  const notices = new Notices();
  const runs = new RunStore(fakeClient({ events }), notices, onResult, onEnd);
  await runs.watch();
  return { runs, onResult, onEnd, notices };
}

describe('events of runs', () => {
  it('list active runs in order of execution, and unfinished runs before ended ones', async () => {
    const { runs } = await receive({
      type: 'runs',
      runs: [aRun(4, 'done'), aRun(3, 'waiting'), aRun(2, 'running'), aRun(1, 'paused')],
    });
    expect(runs.loaded).toBe(true);
    expect(runs.active.map(({ id }) => id)).toEqual([2, 3]);
    expect(runs.sorted.map(({ id }) => id)).toEqual([3, 2, 1, 4]);
  });

  it('record a failed item until it has a result', async () => {
    const failed = { type: 'failed', item: anItem(1, 7) } as const;
    const { runs } = await receive(failed);
    expect(runs.failureOf(1, 7)).toBe(failed.item);
    expect(runs.failureOf(1, 8)).toBeUndefined();
    const later = await receive(failed, { type: 'result', result: aResult(1, 7) });
    expect(later.runs.failureOf(1, 7)).toBeUndefined();
    expect(later.onResult.mock.calls).toEqual([[aResult(1, 7)]]);
  });

  it('report the end of a run once', async () => {
    const started = { type: 'runs', runs: [aRun(1, 'running')] } as const;
    const ended = { type: 'runs', runs: [aRun(1, 'done')] } as const;
    expect((await receive({ ...ended, runs: [...ended.runs] })).onEnd).not.toHaveBeenCalled();
    const { onEnd } = await receive(
      { ...started, runs: [...started.runs] },
      { ...ended, runs: [...ended.runs] },
      { ...ended, runs: [...ended.runs] },
    );
    expect(onEnd).toHaveBeenCalledTimes(1);
  });

  it('keep the progress while its run and its item are running', async () => {
    const running: RunEvent = { type: 'runs', runs: [aRun(1, 'running')] };
    expect((await receive(stage, running)).runs.progress?.image).toBe(1);
    const other: RunEvent = { type: 'result', result: aResult(2, 7) };
    expect((await receive(running, stage, other)).runs.progress?.image).toBe(1);
  });

  it.each<[string, RunEvent]>([
    ['its item failed', { type: 'failed', item: anItem(1, 7) }],
    ['its item has a result', { type: 'result', result: aResult(1, 7) }],
    ['its run was canceled', { type: 'runs', runs: [aRun(1, 'canceled')] }],
    ['its run was removed', { type: 'runs', runs: [] }],
  ])('clear the progress once %s', async (_, event) => {
    const { runs } = await receive({ type: 'runs', runs: [aRun(1, 'running')] }, stage, event);
    expect(runs.progress).toBeUndefined();
  });
});

describe('calls for a run', () => {
  it('are made one at a time, and mark the run as pending', async () => {
    const response = Promise.withResolvers<Run>();
    const pause = vi.fn(() => response.promise);
    const cancel = vi.fn();
    const runs = new RunStore({ runs: { pause, cancel } } as unknown as Client, new Notices(), () => {});
    runs.all = [aRun(1, 'running')];
    const paused = runs.pause(1);
    expect(runs.pending.has(1)).toBe(true);
    await runs.cancel(1);
    expect(cancel).not.toHaveBeenCalled();
    response.resolve(aRun(1, 'paused'));
    await paused;
    expect(runs.pending.size).toBe(0);
    expect(runs.all[0].state).toBe('paused');
  });

  it('show a notice if they are refused', async () => {
    const notices = new Notices();
    const remove = vi.fn(() => Promise.reject(new Error('disk')));
    const runs = new RunStore({ runs: { remove } } as unknown as Client, notices, () => {});
    runs.all = [aRun(1, 'done')];
    await runs.remove(1);
    expect(runs.all).toHaveLength(1);
    expect(notices.all).toHaveLength(1);
  });
});
