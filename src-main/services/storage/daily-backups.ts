import { copyOfToday } from '../../store/backups.ts';
import type { Store } from '../../store/store.ts';

/** Delay after the start, because a host has more urgent work then. */
const FIRST_MS = 20_000;
const AGAIN_MS = 3600 * 1000;

/**
 * Backs up the database once per day in the background. `stop` waits for a backup in progress, and makes one
 * if this process has changed the store.
 */
export function startDailyBackups(store: Store): { stop(): Promise<void> } {
  let making: Promise<void> = Promise.resolve();
  const make = () => (making = copyToday(store));
  let timer = setTimeout(function again() {
    void make();
    timer = setTimeout(again, AGAIN_MS).unref();
  }, FIRST_MS).unref();
  return {
    async stop() {
      clearTimeout(timer);
      await making;
      await copyChanges(store);
    },
  };
}

/** Makes today's backup if this process has changed the store. */
export async function copyChanges(store: Store): Promise<void> {
  if (store.isChanged) await copyToday(store);
}

/** A failed backup must not make the user's operation fail. `perch doctor` shows the newest backup's age. */
async function copyToday(store: Store): Promise<void> {
  await copyOfToday(store.database).catch(() => {});
}
