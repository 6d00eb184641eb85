import type { Result } from '../../src-main/api/runs.ts';
import type { Client } from '../api/connection.svelte.ts';
import { failureOf, isLost } from '../api/failures.ts';
import type { Notices } from './notices.svelte.ts';

/** Results that arrive within this many milliseconds are shown together. */
const TOGETHER = 200;
const none: ReadonlyMap<number, Result> = new Map();

/** Results of the dataset by any method, by image; those of a method are loaded when they are first asked for. */
export class Results {
  readonly #client: Client;
  readonly #notices: Notices;
  #dataset: number | undefined;
  /** Replaced with the dataset; a method's results are state of their own. */
  #methods = $state.raw(new Map<number, MethodResults>());

  constructor(client: Client, notices: Notices) {
    this.#client = client;
    this.#notices = notices;
  }

  /** Turns to a dataset; the same one again loads everything anew. */
  open(dataset: number | undefined): void {
    this.#dataset = dataset;
    this.#methods = new Map();
  }

  /** All results by a method, by image id. */
  of(method: number | undefined): ReadonlyMap<number, Result> {
    const methods = this.#methods;
    if (method === undefined || this.#dataset === undefined) return none;
    let results = methods.get(method);
    if (!results) {
      results = new MethodResults();
      methods.set(method, results);
      void this.#load(this.#dataset, method, results);
    }
    return results.byImage;
  }

  get(image: number | undefined, method: number | undefined): Result | undefined {
    return image === undefined ? undefined : this.of(method).get(image);
  }

  /** Takes in a result that was just made. */
  note(result: Result): void {
    this.#methods.get(result.method)?.note(result);
  }

  async #load(dataset: number, method: number, results: MethodResults): Promise<void> {
    try {
      const loaded = await this.#client.runs.results({ dataset, method });
      results.take(loaded.results);
    } catch (thrown) {
      if (!isLost(thrown)) this.#notices.problem('Results are not shown', failureOf(thrown));
    }
  }
}

class MethodResults {
  byImage = $state.raw<ReadonlyMap<number, Result>>(none);
  #arrived: Result[] = [];

  /** Takes in what the store had; what arrived meanwhile is newer. */
  take(results: readonly Result[]): void {
    this.byImage = new Map([...results.map(entry), ...this.byImage]);
  }

  note(result: Result): void {
    this.#arrived.push(result);
    if (this.#arrived.length > 1) return;
    setTimeout(() => {
      this.byImage = new Map([...this.byImage, ...this.#arrived.map(entry)]);
      this.#arrived = [];
    }, TOGETHER);
  }
}

function entry(result: Result): [number, Result] {
  return [result.image, result];
}
