import { createContext } from 'svelte';
import type { Result } from '../../../src-main/common/api/runs.ts';
import type { Client } from '../../api/connection.svelte.ts';
import { toErrorReport, isConnectionLost } from '../../api/failures.ts';
import type { Notices } from '../notices.svelte.ts';

/** Results that arrive within this many milliseconds are shown together. */
const TOGETHER = 200;
const none: ReadonlyMap<number, Result> = new Map();

/** Results of the dataset by any method, by image; those of a method are loaded when they are first asked for. */
export class ResultStore {
  readonly #client: Client;
  readonly #notices: Notices;
  #dataset: number | undefined;
  /** Results that are known, by method and image. Nothing is made of it while it is read, or the reader would not follow it. */
  #known = $state.raw<ReadonlyMap<number, ReadonlyMap<number, Result>>>(new Map());
  /** Methods whose results are known or on their way. */
  #asked = new Set<number>();
  #arrived: Result[] = [];

  constructor(client: Client, notices: Notices) {
    this.#client = client;
    this.#notices = notices;
  }

  /** Turns to a dataset; of the same one again, what is known holds until it is loaded anew. */
  open(dataset: number | undefined): void {
    const again = dataset === this.#dataset ? this.#asked : new Set<number>();
    this.#dataset = dataset;
    this.#asked = new Set();
    if (again.size === 0) this.#known = new Map();
    else for (const method of again) this.byMethod(method);
  }

  /** All results by a method, by image id. */
  byMethod(method: number | undefined): ReadonlyMap<number, Result> {
    const known = this.#known;
    if (method === undefined || this.#dataset === undefined) return none;
    if (!this.#asked.has(method)) {
      this.#asked.add(method);
      void this.#load(this.#dataset, method, this.#asked);
    }
    return known.get(method) ?? none;
  }

  get(image: number | undefined, method: number | undefined): Result | undefined {
    return image === undefined ? undefined : this.byMethod(method).get(image);
  }

  /** Takes in a result that was just made. */
  upsert(result: Result): void {
    if (!this.#asked.has(result.method)) return;
    this.#arrived.push(result);
    if (this.#arrived.length > 1) return;
    setTimeout(() => {
      const arrived = Map.groupBy(this.#arrived, ({ method }) => method);
      this.#arrived = [];
      for (const [method, results] of arrived)
        this.#put(method, [...this.byMethod(method).values(), ...results]);
    }, TOGETHER);
  }

  /** @param asked of the time of asking: another set belongs to another dataset, or to the same one loaded anew */
  async #load(dataset: number, method: number, asked: ReadonlySet<number>): Promise<void> {
    try {
      const { results } = await this.#client.runs.results({ dataset, method });
      // What arrived meanwhile is newer.
      if (this.#asked === asked) this.#put(method, [...results, ...this.byMethod(method).values()]);
    } catch (thrown) {
      if (!isConnectionLost(thrown)) this.#notices.showError('Could not load results', toErrorReport(thrown));
    }
  }

  #put(method: number, results: readonly Result[]): void {
    this.#known = new Map(this.#known).set(method, new Map(results.map((result) => [result.image, result])));
  }
}

export const [getResults, setResults] = createContext<ResultStore>();
