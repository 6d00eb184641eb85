import type { Run } from '../../../src-main/common/api/runs.ts';

/** Items that were worked on to their end, well or not; what was canceled was not. */
export function endedTasks({ counts }: Run): number {
  return counts.done + counts.failed;
}

/** Seconds from the start of a run to its end; undefined while it has none. */
export function secondsOf({ startedAt, endedAt }: Run): number | undefined {
  if (startedAt === null || endedAt === null) return undefined;
  return (Date.parse(endedAt) - Date.parse(startedAt)) / 1000;
}

export function isOver({ state }: Run): boolean {
  return state === 'done' || state === 'canceled';
}
