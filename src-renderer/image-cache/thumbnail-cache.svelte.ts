import { createContext } from 'svelte';
import type { Client } from '../api/connection.svelte.ts';
import { isConnectionLost } from '../api/failures.ts';
import { Recent } from './recent.ts';

/** Memory for pictures that are not on screen. */
const BUDGET = 64 * 2 ** 20;
/** Pictures of one call, and calls at once: while one is on its way, what another brought is decoded. */
const TOGETHER = 48;
const CALLS = 2;

/** A small picture of an image. */
export class Thumbnail {
  /** Undefined until it is there, null where it could not be had; then it is tried again when it is shown anew. */
  address = $state.raw<string | null>();
}

/** Small pictures by their names: brought by the dozen once something shows them, the last used ones kept. */
export class ThumbnailCache {
  readonly #client: Pick<Client['datasets'], 'thumbnails'>;
  readonly #recent = new Recent<Thumbnail>(BUDGET);
  /** What is shown but not there yet: by how many, and by how many of those in view. */
  readonly #wanted = new Map<string, { all: number; inView: number }>();
  readonly #asked = new Set<string>();
  #calls = 0;
  #due = false;

  constructor(client: Pick<Client['datasets'], 'thumbnails'>) {
    this.#client = client;
  }

  of(name: string): Thumbnail {
    const kept = this.#recent.get(name);
    if (kept) return kept;
    const thumbnail = new Thumbnail();
    this.#recent.put(name, thumbnail, 0);
    return thumbnail;
  }

  /**
   * Has a picture brought, what is in view before the rest. To be told when it is shown no more, so that nothing waits for
   * what has been scrolled past.
   */
  want(name: string, inView = true): () => void {
    if (typeof this.of(name).address === 'string') return () => {};
    const wishes = this.#wanted.get(name) ?? { all: 0, inView: 0 };
    this.#wanted.set(name, wishes);
    wishes.all++;
    wishes.inView += Number(inView);
    this.#askSoon();
    return () => {
      wishes.all--;
      wishes.inView -= Number(inView);
      if (wishes.all === 0 && this.#wanted.get(name) === wishes) this.#wanted.delete(name);
    };
  }

  /** Once all that is shown now has said what it wants. */
  #askSoon(): void {
    if (this.#due) return;
    this.#due = true;
    queueMicrotask(() => {
      this.#due = false;
      while (this.#calls < CALLS && this.#ask());
    });
  }

  /** Asks for what is in view first. Whether there was something to ask for. */
  #ask(): boolean {
    const waiting = [...this.#wanted].filter(([name]) => !this.#asked.has(name));
    waiting.sort(([, a], [, b]) => Number(b.inView > 0) - Number(a.inView > 0));
    const names = waiting.slice(0, TOGETHER).map(([name]) => name);
    if (names.length === 0) return false;
    void this.#bring(names);
    return true;
  }

  async #bring(names: string[]): Promise<void> {
    this.#calls++;
    for (const name of names) this.#asked.add(name);
    try {
      const { pictures } = await this.#client.thumbnails({ thumbnails: names });
      for (const [at, name] of names.entries()) this.#arrived(name, pictures[at]);
    } catch (thrown) {
      // With the next connection they are asked for again.
      if (!isConnectionLost(thrown)) for (const name of names) this.#arrived(name, null);
    } finally {
      this.#calls--;
      for (const name of names) this.#asked.delete(name);
      this.#askSoon();
    }
  }

  #arrived(name: string, picture: string | null): void {
    const thumbnail = this.of(name);
    thumbnail.address = picture && `data:image/webp;base64,${picture}`;
    this.#recent.put(name, thumbnail, picture?.length ?? 0);
    this.#wanted.delete(name);
  }
}

export const [getThumbnails, setThumbnails] = createContext<ThumbnailCache>();
