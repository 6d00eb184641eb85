import type { ScoreHistogram } from '../../../src-main/common/api/evaluation.ts';
import type { Client } from '../../api/connection.svelte.ts';
import { toErrorReport, isConnectionLost } from '../../api/failures.ts';

/** Whose scores are counted, and a word that changes whenever their counts may have. */
export interface HistogramKey {
  dataset: number;
  textureClass: string;
  method: number;
  version: string;
}

/**
 * Results come in one by one while a run goes on. The histogram follows this many milliseconds later, and this many times later
 * than it took the last time, up to the latest, so that counting it takes little from the run.
 */
const SETTLED = 400;
const SPARING = 10;
const LATEST = 10_000;

/** The score histogram of the class that is looked at. Until the counts are there anew, those of the same class stay. */
export class ClassHistogram {
  shown = $state.raw<ScoreHistogram>();
  /** Why there is none. */
  failure = $state.raw<string>();
  readonly #client: Pick<Client, 'evaluation'>;
  #place: HistogramKey | undefined;
  /** What it took the last time, in milliseconds. */
  #took = 0;

  constructor(client: Pick<Client, 'evaluation'>) {
    this.#client = client;
  }

  /** Turns to a class. @returns what to call where another is turned to */
  open(place: HistogramKey | undefined): () => void {
    const before = this.#place;
    this.#place = place;
    const same = before && place && keyOf(before) === keyOf(place);
    if (!same) this.shown = undefined;
    if (!place) return () => {};
    const abort = new AbortController();
    const timer = setTimeout(
      () => void this.#load(place, abort.signal),
      same ? Math.min(Math.max(SETTLED, SPARING * this.#took), LATEST) : 0,
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
      this.#took = performance.now() - began;
      if (signal.aborted) return;
      this.shown = histogram;
      this.failure = undefined;
    } catch (thrown) {
      if (!signal.aborted && !isConnectionLost(thrown)) this.failure = toErrorReport(thrown).message;
    }
  }
}

function keyOf({ dataset, textureClass, method }: HistogramKey): string {
  return `${dataset} ${method} ${textureClass}`;
}
