import { createContext, untrack } from 'svelte';
import type { Result } from '../../../src-main/common/api/runs.ts';
import type { Client } from '../../api/connection.svelte.ts';
import { toErrorReport, isConnectionLost } from '../../api/failures.ts';
import type { Notices } from '../notices.svelte.ts';

/** New results are shown in batches at this interval, in milliseconds. */
const BATCH_MS = 200;
const none: ReadonlyMap<number, Result> = new Map();

/** The dataset's results. Each method's results load when they are first read. */
export class ResultStore {
  readonly #client: Client;
  readonly #notices: Notices;
  #dataset: number | undefined;
  /** Loaded results by method and image. `byMethod` must not assign it: a derivation does not track state that it writes. */
  #known = $state.raw<ReadonlyMap<number, ReadonlyMap<number, Result>>>(new Map());
  /** Methods whose results are loaded or loading. */
  #requested = new Set<number>();
  #arrived: Result[] = [];

  readonly #isHidden: () => ((image: number) => boolean) | undefined;
  /** Without the results of hidden images. */
  readonly #shown: ReadonlyMap<number, ReadonlyMap<number, Result>> = $derived.by(() => {
    const isHidden = this.#isHidden();
    if (!isHidden) return this.#known;
    const shown = (results: ReadonlyMap<number, Result>) =>
      new Map([...results].filter(([image]) => !isHidden(image)));
    return new Map([...this.#known].map(([method, results]) => [method, shown(results)]));
  });

  /** @param isHidden returns which images have hidden heatmaps; undefined if none has */
  constructor(
    client: Client,
    notices: Notices,
    isHidden: () => ((image: number) => boolean) | undefined = () => undefined,
  ) {
    this.#client = client;
    this.#notices = notices;
    this.#isHidden = isHidden;
  }

  /**
   * Opens a dataset. Opening the same dataset again reloads the results; the old results remain until then.
   */
  open(dataset: number | undefined): void {
    const reload = dataset === this.#dataset ? this.#requested : new Set<number>();
    this.#dataset = dataset;
    this.#requested = new Set();
    if (reload.size === 0) this.#known = new Map();
    else for (const method of reload) this.allByMethod(method);
  }

  /** A method's results by image id, without those of images with hidden heatmaps. */
  byMethod(method: number | undefined): ReadonlyMap<number, Result> {
    this.allByMethod(method);
    return (method === undefined ? undefined : this.#shown.get(method)) ?? none;
  }

  /** All of a method's results by image id, for the statistics of a class. */
  allByMethod(method: number | undefined): ReadonlyMap<number, Result> {
    const known = this.#known;
    if (method === undefined || this.#dataset === undefined) return none;
    if (!this.#requested.has(method)) {
      this.#requested.add(method);
      void this.#load(this.#dataset, method, this.#requested);
    }
    return known.get(method) ?? none;
  }

  get(image: number | undefined, method: number | undefined): Result | undefined {
    return image === undefined ? undefined : this.byMethod(method).get(image);
  }

  /** Adds or replaces a new result. */
  upsert(result: Result): void {
    if (!this.#requested.has(result.method)) return;
    this.#arrived.push(result);
    if (this.#arrived.length > 1) return;
    setTimeout(() => {
      const arrived = Map.groupBy(this.#arrived, ({ method }) => method);
      this.#arrived = [];
      for (const [method, results] of arrived)
        this.#put(method, [...this.allByMethod(method).values(), ...results]);
    }, BATCH_MS);
  }

  /** @param requested the set at the time of the request; another set means another dataset or a reload */
  async #load(dataset: number, method: number, requested: ReadonlySet<number>): Promise<void> {
    const before = untrack(() => this.#known.get(method));
    try {
      const { results } = await this.#client.runs.results({ dataset, method });
      if (this.#requested !== requested) return;
      // Results that arrived during the request are newer.
      const arrived = [...this.allByMethod(method).values()].filter(
        (result) => before?.get(result.image) !== result,
      );
      this.#put(method, [...results, ...arrived]);
    } catch (thrown) {
      if (!isConnectionLost(thrown)) this.#notices.showError('Could not load results', toErrorReport(thrown));
    }
  }

  #put(method: number, results: readonly Result[]): void {
    this.#known = new Map(this.#known).set(method, new Map(results.map((result) => [result.image, result])));
  }
}

export const [getResults, setResults] = createContext<ResultStore>();
