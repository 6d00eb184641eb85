import type { Run } from '../../../src-main/common/api/runs.ts';

/** Number of items that are done or failed, without canceled ones. */
export function endedItems({ counts }: Run): number {
  return counts.done + counts.failed;
}

/** Duration of an ended run in seconds; undefined if it has not ended. */
export function durationOf({ startedAt, endedAt }: Run): number | undefined {
  if (startedAt === null || endedAt === null) return undefined;
  return (Date.parse(endedAt) - Date.parse(startedAt)) / 1000;
}

export function hasEnded({ state }: Run): boolean {
  return state === 'done' || state === 'canceled';
}
