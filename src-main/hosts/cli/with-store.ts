import type { EngineClient } from '../../engine/client/engine-client.ts';
import { copyChanges } from '../../services/storage/daily-copies.ts';
import { Store } from '../../store/store.ts';
import { withEngine } from './with-engine.ts';

/** Runs a command's work with the user's store, and an engine that starts with its first task; both end with it. */
export function withStore<Result>(
  work: (means: { store: Store; engine: EngineClient }, signal: AbortSignal) => Promise<Result> | Result,
): Promise<Result> {
  return withEngine(async (engine, signal) => {
    const store = new Store();
    try {
      const result = await work({ store, engine }, signal);
      await copyChanges(store);
      return result;
    } finally {
      store.close();
    }
  });
}
