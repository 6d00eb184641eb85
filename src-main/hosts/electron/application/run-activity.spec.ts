import { describe, expect, it } from 'vitest';
import type { Run } from '../../../common/api/runs.ts';
import { runActivity } from './run-activity.ts';

function run(id: number, state: Run['state'], done: number, total = 10, heldBy: string | null = null): Run {
  return {
    id,
    dataset: 1,
    classes: null,
    methods: [1],
    provider: 'auto',
    place: 'here',
    workers: [],
    obstacle: null,
    state,
    counts: { waiting: total - done, running: 0, done, failed: 0, canceled: 0 },
    total,
    skipped: [],
    createdAt: '',
    startedAt: null,
    endedAt: null,
    rate: null,
    secondsLeft: null,
    device: '',
    heldBy,
  };
}

describe('the activity of runs', () => {
  it('is the fraction of finished items of unfinished runs', () => {
    const now = [run(1, 'running', 5), run(2, 'waiting', 0), run(3, 'done', 10), run(4, 'paused', 1)];
    expect(runActivity([], now)).toEqual({ busy: true, fraction: 0.25, ended: [] });
  });

  it('is not busy if nothing runs in this process', () => {
    expect(runActivity([], [run(1, 'running', 5, 10, 'another window')]).busy).toBe(false);
    expect(runActivity([], [run(1, 'waiting', 0), run(2, 'paused', 3)]).busy).toBe(false);
    expect(runActivity([], [])).toEqual({ busy: false, fraction: 0, ended: [] });
  });

  it('reports a completed run once', () => {
    const before = [run(1, 'running', 5), run(2, 'running', 5)];
    const now = [run(1, 'done', 10), run(2, 'canceled', 5), run(3, 'done', 10)];
    expect(runActivity(before, now).ended.map(({ id }) => id)).toEqual([1]);
    expect(runActivity(now, now).ended).toEqual([]);
  });
});
