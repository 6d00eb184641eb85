import { once } from 'node:events';
import type { Store } from '../../store/store.ts';

/** Counts the changes of datasets, their images and their ground truth, so that whoever shows them knows when to look again. */
export class DatasetChanges {
  readonly #store: Store;
  #version = 0;

  constructor(store: Store) {
    this.#store = store;
    // Every window listens.
    store.changes.setMaxListeners(0).on('datasets', () => this.#version++);
  }

  /** The number of changes so far, now and at every change, until aborted. */
  async *watch(signal: AbortSignal): AsyncGenerator<{ version: number }, void, void> {
    while (!signal.aborted) {
      // Listened to before the number is told, so that no change falls between.
      const changed = once(this.#store.changes, 'datasets', { signal }).catch(() => {});
      yield { version: this.#version };
      await changed;
    }
  }
}
