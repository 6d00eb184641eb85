import { createContext } from 'svelte';
import type { Client } from '../api/connection.svelte.ts';
import { isConnectionLost } from '../api/failures.ts';
import { ByteCache } from './byte-cache.ts';

/** Memory for thumbnails that are not on screen. */
const BUDGET = 64 * 2 ** 20;
/** Thumbnails per call, and concurrent calls. The host decodes one batch while another is transferred. */
const BATCH = 48;
const MAX_CALLS = 2;

/** The thumbnail of an image. */
export class Thumbnail {
  /**
   * A data URL. Undefined until it has loaded, and null if loading failed. A failed thumbnail is requested
   * again when it is next shown.
   */
  url = $state.raw<string | null>();
}

/** Thumbnails by name. They load in batches while a component shows them. */
export class ThumbnailCache {
  readonly #client: Pick<Client['datasets'], 'thumbnails'>;
  readonly #cache = new ByteCache<Thumbnail>(BUDGET);
  /**
   * Thumbnails that are shown but not loaded, with the numbers of components that show them: in total, and in
   * view.
   */
  readonly #requested = new Map<string, { all: number; inView: number }>();
  readonly #loading = new Set<string>();
  #calls = 0;
  #scheduled = false;

  constructor(client: Pick<Client['datasets'], 'thumbnails'>) {
    this.#client = client;
  }

  get(name: string): Thumbnail {
    const cached = this.#cache.get(name);
    if (cached) return cached;
    const thumbnail = new Thumbnail();
    this.#cache.set(name, thumbnail, 0);
    return thumbnail;
  }

  /**
   * Requests a thumbnail; those in view load first.
   *
   * @returns a function that cancels the request. Call it when the thumbnail is no longer shown, so that
   * scrolled-past thumbnails are not loaded.
   */
  request(name: string, inView = true): () => void {
    if (typeof this.get(name).url === 'string') return () => {};
    const counts = this.#requested.get(name) ?? { all: 0, inView: 0 };
    this.#requested.set(name, counts);
    counts.all++;
    counts.inView += Number(inView);
    this.#schedule();
    return () => {
      counts.all--;
      counts.inView -= Number(inView);
      if (counts.all === 0 && this.#requested.get(name) === counts) this.#requested.delete(name);
    };
  }

  /** Starts calls after the current task, so that components that appear together share a batch. */
  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    queueMicrotask(() => {
      this.#scheduled = false;
      while (this.#calls < MAX_CALLS && this.#startBatch());
    });
  }

  /** @returns whether there was anything to load */
  #startBatch(): boolean {
    const waiting = [...this.#requested].filter(([name]) => !this.#loading.has(name));
    waiting.sort(([, a], [, b]) => Number(b.inView > 0) - Number(a.inView > 0));
    const names = waiting.slice(0, BATCH).map(([name]) => name);
    if (names.length === 0) return false;
    void this.#load(names);
    return true;
  }

  async #load(names: string[]): Promise<void> {
    this.#calls++;
    for (const name of names) this.#loading.add(name);
    try {
      const { thumbnails } = await this.#client.thumbnails({ thumbnails: names });
      for (const [at, name] of names.entries()) this.#store(name, thumbnails[at]);
    } catch (thrown) {
      // After a lost connection they remain requested, and load with the next connection.
      if (!isConnectionLost(thrown)) for (const name of names) this.#store(name, null);
    } finally {
      this.#calls--;
      for (const name of names) this.#loading.delete(name);
      this.#schedule();
    }
  }

  #store(name: string, webp: string | null): void {
    const thumbnail = this.get(name);
    thumbnail.url = webp && `data:image/webp;base64,${webp}`;
    this.#cache.set(name, thumbnail, webp?.length ?? 0);
    this.#requested.delete(name);
  }
}

export const [getThumbnails, setThumbnails] = createContext<ThumbnailCache>();
