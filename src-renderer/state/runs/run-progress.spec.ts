import { expect, it } from 'vitest';
import type { Run } from '../../../src-main/common/api/runs.ts';
import { endedTasks, secondsOf } from './run-progress.ts';

const run = (part: Partial<Run>): Run => ({
  ...{ id: 1, dataset: 1, classes: null, methods: [1], provider: 'cpu', state: 'canceled', total: 189 },
  counts: { waiting: 0, running: 0, done: 13, failed: 1, canceled: 175 },
  ...{ createdAt: '2026-01-01T00:00:00Z', startedAt: '2026-01-01T00:00:10Z', endedAt: null },
  ...{ rate: null, secondsLeft: null, device: '', elsewhere: null },
  ...part,
});

it('does not count what was canceled as done', () => {
  expect(endedTasks(run({}))).toBe(14);
});

it('says how long a run took once it has ended', () => {
  expect(secondsOf(run({}))).toBeUndefined();
  expect(secondsOf(run({ endedAt: '2026-01-01T00:01:40Z' }))).toBe(90);
});
