import type { Run } from '../../src-main/api/runs.ts';

/** Tasks that have come to an end, well or not. */
export function endedTasks({ counts }: Run): number {
  return counts.done + counts.failed + counts.cancelled;
}

export function isOver({ state }: Run): boolean {
  return state === 'done' || state === 'cancelled';
}
