import type { Drift } from '../../../src-main/common/api/recipes.ts';
import type { Client } from '../../api/connection.svelte.ts';
import { isConnectionLost, toErrorReport } from '../../api/failures.ts';

/** The control charts of a dataset's calibrated classes. */
export class DriftCharts {
  classes = $state.raw<readonly Drift[]>([]);
  loaded = $state(false);
  /** Why loading failed; empty if it did not. */
  failure = $state('');
  readonly #client: Pick<Client, 'recipes'>;

  constructor(client: Pick<Client, 'recipes'>) {
    this.#client = client;
  }

  /** @returns a function that cancels the load */
  open(dataset: number): () => void {
    const abort = new AbortController();
    void this.#load(dataset, abort.signal);
    return () => abort.abort();
  }

  async #load(dataset: number, signal: AbortSignal): Promise<void> {
    try {
      const { classes } = await this.#client.recipes.drift({ dataset }, { signal });
      if (signal.aborted) return;
      this.classes = classes;
      this.loaded = true;
      this.failure = '';
    } catch (thrown) {
      if (!signal.aborted && !isConnectionLost(thrown)) this.failure = toErrorReport(thrown).message;
    }
  }
}
