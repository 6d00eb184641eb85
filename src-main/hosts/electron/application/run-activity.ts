import type { Run } from '../../../common/api/runs.ts';

/** The activity of all runs, as shown outside the window. */
export interface RunActivity {
  /** Whether this process is computing, which keeps the machine awake. */
  busy: boolean;
  /** Fraction of finished items, 0 to 1. */
  fraction: number;
  /** Runs that completed since the previous list. */
  ended: Run[];
}

/** Compares the previous and the current list of all runs. */
export function runActivity(before: readonly Run[], now: readonly Run[]): RunActivity {
  const active = now.filter(({ state }) => state === 'waiting' || state === 'running');
  const finished = (run: Run) => run.counts.done + run.counts.failed + run.counts.canceled;
  const total = active.reduce((sum, run) => sum + run.total, 0);
  const done = active.reduce((sum, run) => sum + finished(run), 0);
  const wasActive = new Set(
    before.filter(({ state }) => state === 'waiting' || state === 'running').map(({ id }) => id),
  );
  return {
    busy: active.some(({ state, heldBy }) => state === 'running' && heldBy === null),
    fraction: total === 0 ? 0 : done / total,
    ended: now.filter(({ id, state }) => state === 'done' && wasActive.has(id)),
  };
}
