import type { Result } from '../../common/api/runs.ts';
import type { Store } from '../../store/store.ts';

/** Finds results that another process has written to the store. */
export class ForeignResults {
  readonly #store: Store;
  /** This process's results since the last check. */
  #own = new Set<number>();
  #latest: number;
  #version: number;

  constructor(store: Store) {
    this.#store = store;
    this.#version = store.version();
    this.#latest = store.results.latestId();
  }

  /** Records a result of this process. */
  made({ id }: Result): void {
    this.#own.add(id);
  }

  /** Other processes' results since the last check, oldest first. */
  look(): Result[] {
    // Read before the version, so that the next check finds concurrent writes.
    const latest = this.#store.results.latestId();
    const version = this.#store.version();
    if (version === this.#version) {
      this.#latest = latest;
      this.#own.clear();
      return [];
    }
    const found = this.#store.results.listAfter(Math.min(this.#latest, latest));
    const foreign = found.filter(({ id }) => !this.#own.has(id));
    this.#latest = Math.max(latest, found.at(-1)?.id ?? 0);
    this.#version = version;
    this.#own = new Set([...this.#own].filter((id) => id > this.#latest));
    return foreign;
  }
}
