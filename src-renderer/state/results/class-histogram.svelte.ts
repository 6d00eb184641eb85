import type { ScoreHistogram } from '../../../src-main/common/api/evaluation.ts';
import type { Client } from '../../api/connection.svelte.ts';
import { toErrorReport, isConnectionLost } from '../../api/failures.ts';

/** Identifies a histogram. `version` changes whenever the counts may have changed. */
export interface HistogramKey {
  dataset: number;
  textureClass: string;
  method: number;
  version: string;
}

/**
 * During a run, results arrive one by one. The histogram is reloaded after a delay of `DELAY_FACTOR` times
 * the duration of the last load, but at least `MIN_DELAY` and at most `MAX_DELAY` milliseconds, so that it does
 * not slow the run.
 */
const MIN_DELAY = 400;
const DELAY_FACTOR = 10;
const MAX_DELAY = 10_000;

/**
 * A class's score histogram. Outdated counts of the same class stay visible until the new ones have loaded.
 */
export class ClassHistogram {
  counts = $state.raw<ScoreHistogram>();
  /** Why loading failed. */
  failure = $state.raw<string>();
  readonly #client: Pick<Client, 'evaluation'>;
  #key: HistogramKey | undefined;
  /** Duration of the last load in milliseconds. */
  #loadMs = 0;

  constructor(client: Pick<Client, 'evaluation'>) {
    this.#client = client;
  }

  /** Loads a histogram. @returns a function that cancels the load */
  open(key: HistogramKey | undefined): () => void {
    const previous = this.#key;
    this.#key = key;
    const same = previous && key && keyOf(previous) === keyOf(key);
    if (!same) this.counts = undefined;
    if (!key) return () => {};
    const abort = new AbortController();
    const timer = setTimeout(
      () => void this.#load(key, abort.signal),
      same ? Math.min(Math.max(MIN_DELAY, DELAY_FACTOR * this.#loadMs), MAX_DELAY) : 0,
    );
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }

  async #load({ dataset, textureClass, method }: HistogramKey, signal: AbortSignal): Promise<void> {
    const began = performance.now();
    try {
      const histogram = await this.#client.evaluation.histogram(
        { dataset, textureClass, method },
        { signal },
      );
      this.#loadMs = performance.now() - began;
      if (signal.aborted) return;
      this.counts = histogram;
      this.failure = undefined;
    } catch (thrown) {
      if (!signal.aborted && !isConnectionLost(thrown)) this.failure = toErrorReport(thrown).message;
    }
  }
}

function keyOf({ dataset, textureClass, method }: HistogramKey): string {
  return `${dataset} ${method} ${textureClass}`;
}
