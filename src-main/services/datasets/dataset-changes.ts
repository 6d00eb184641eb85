import { once } from 'node:events';
import type { Store } from '../../store/store.ts';

/** Interval of checks for changes by other processes. */
const LOOK_MS = 1000;

/**
 * Counts changes to datasets, images and ground truth by any process, so that windows know when to reload.
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
    // Each window has a listener.
    store.changes.setMaxListeners(0).on('datasets', () => {
      this.#seen = store.datasets.fingerprint();
      this.#version++;
    });
    this.#looking = setInterval(() => this.#look(), LOOK_MS).unref();
  }

  /** Yields the number of changes now and after every change, until aborted. */
  async *watch(signal: AbortSignal): AsyncGenerator<{ version: number }, void, void> {
    while (!signal.aborted) {
      // Subscribes before the yield, so that no change is missed.
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
