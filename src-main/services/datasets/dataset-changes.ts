import { once } from 'node:events';
import type { Store } from '../../store/store.ts';

/** How often it is looked whether another process has changed something. */
const LOOK_MS = 1000;

/**
 * Counts the changes of datasets, their images and their ground truth, by whatever process, so that whoever shows them knows
 * when to look again.
 */
export class DatasetChanges {
  readonly #store: Store;
  readonly #looking: NodeJS.Timeout;
  #version = 0;
  #seen: string;
  #storeVersion: number;

  constructor(store: Store) {
    this.#store = store;
    this.#seen = store.datasets.fingerprint();
    this.#storeVersion = store.version();
    // Every window listens.
    store.changes.setMaxListeners(0).on('datasets', () => {
      this.#seen = store.datasets.fingerprint();
      this.#version++;
    });
    this.#looking = setInterval(() => this.#look(), LOOK_MS).unref();
  }

  /** The number of changes so far, now and at every change, until aborted. */
  async *watch(signal: AbortSignal): AsyncGenerator<{ version: number }, void, void> {
    while (!signal.aborted) {
      // Listened to before the number is reported, so that no change falls between.
      const changed = once(this.#store.changes, 'datasets', { signal }).catch(() => {});
      yield { version: this.#version };
      await changed;
    }
  }

  #look(): void {
    if (!this.#store.isOpen) return clearInterval(this.#looking);
    const version = this.#store.version();
    if (version === this.#storeVersion) return;
    this.#storeVersion = version;
    if (this.#store.datasets.fingerprint() !== this.#seen) this.#store.changes.emit('datasets');
  }
}
