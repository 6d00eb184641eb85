import { setTimeout as pause } from 'node:timers/promises';
import type { Piece } from '../../../common/api/station.ts';
import type { Store } from '../../../store/store.ts';

/** Waits until a station has `count` pieces and none waits. @returns all pieces, in order of arrival */
export async function settled(store: Store, station: number, count: number): Promise<Piece[]> {
  await until(() => {
    const { count: waiting } = store.pieces.backlog(station);
    return waiting === 0 && store.pieces.lastSequence(station) >= count;
  });
  return store.pieces.list(station, { limit: 1000 }).reverse();
}

/** Waits until a condition holds. The test's timeout ends it otherwise. */
export async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await pause(20);
}
