import { EventEmitter, once } from 'node:events';
import type { Store } from '../../store/store.ts';

/** Interval of checks for changes by other processes. */
const LOOK_MS = 1000;

/** Minimum interval between events about added images, of which a station adds several per second. */
const ADDED_MS = 2000;

/** Counts of changes: all, and those other than added images. */
interface Counts {
  version: number;
  others: number;
}

/**
 * Counts changes to datasets, images and ground truth by any process, so that windows know when to load all images again, and when
 * only those that a station added.
 */
export class DatasetChanges {
  readonly #store: Store;
  readonly #looking: NodeJS.Timeout;
  readonly #emitter = new EventEmitter<{ changed: [] }>().setMaxListeners(0);
  readonly #counts: Counts = { version: 0, others: 0 };
  #seen: string;
  #lastImage: number;
  #storeVersion: number;
  #addedAt = -Infinity;
  #timer: NodeJS.Timeout | undefined;

  constructor(store: Store) {
    this.#store = store;
    this.#seen = store.datasets.fingerprint();
    this.#lastImage = store.datasets.lastImage();
    this.#storeVersion = store.version();
    store.changes.on('datasets', () => this.#changed()).on('images', () => this.#added());
    this.#looking = setInterval(() => this.#look(), LOOK_MS).unref();
  }

  /** Yields the counts now and after every change, until aborted. */
  async *watch(signal: AbortSignal): AsyncGenerator<Counts, void, void> {
    while (!signal.aborted) {
      // Subscribes before the yield, so that no change is missed.
      const changed = once(this.#emitter, 'changed', { signal }).catch(() => {});
      yield { ...this.#counts };
      await changed;
    }
  }

  #changed(): void {
    this.#seen = this.#store.datasets.fingerprint();
    this.#lastImage = this.#store.datasets.lastImage();
    this.#counts.others++;
    this.#announce();
  }

  #added(): void {
    this.#lastImage = this.#store.datasets.lastImage();
    const delay = Math.max(0, this.#addedAt + ADDED_MS - Date.now());
    this.#timer ??= setTimeout(() => this.#announce(), delay).unref();
  }

  #announce(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#addedAt = Date.now();
    this.#counts.version++;
    this.#emitter.emit('changed');
  }

  #look(): void {
    const { datasets, isOpen } = this.#store;
    if (!isOpen) return clearInterval(this.#looking);
    const version = this.#store.version();
    if (version === this.#storeVersion) return;
    this.#storeVersion = version;
    if (datasets.fingerprint() !== this.#seen || datasets.hasImported(this.#lastImage)) this.#changed();
    else if (datasets.lastImage() !== this.#lastImage) this.#added();
  }
}
