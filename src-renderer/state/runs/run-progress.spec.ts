import { expect, it } from 'vitest';
import type { Run } from '../../../src-main/common/api/runs.ts';
import { endedItems, durationOf } from './run-progress.ts';

const run = (part: Partial<Run>): Run => ({
  id: 1,
  dataset: 1,
  classes: null,
  methods: [1],
  provider: 'cpu',
  state: 'canceled',
  total: 189,
  counts: { waiting: 0, running: 0, done: 13, failed: 1, canceled: 175 },
  createdAt: '2026-01-01T00:00:00Z',
  startedAt: '2026-01-01T00:00:10Z',
  endedAt: null,
  rate: null,
  secondsLeft: null,
  device: '',
  heldBy: null,
  skipped: [],
  place: 'here',
  workers: [],
  obstacle: null,
  ...part,
});

it('counts done and failed items, not canceled ones', () => {
  expect(endedItems(run({}))).toBe(14);
});

it('returns the duration of an ended run', () => {
  expect(durationOf(run({}))).toBeUndefined();
  expect(durationOf(run({ endedAt: '2026-01-01T00:01:40Z' }))).toBe(90);
});
