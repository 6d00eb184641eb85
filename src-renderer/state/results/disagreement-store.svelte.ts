import { createContext } from 'svelte';
import type { Client } from '../../api/connection.svelte.ts';
import { toErrorReport, isConnectionLost } from '../../api/failures.ts';
import type { Notices } from '../notices.svelte.ts';

/** The methods' rank disagreement for each image of the dataset, 0 to 1. */
export class DisagreementStore {
  byImage = $state.raw<ReadonlyMap<number, number>>(new Map());
  readonly #client: Client;
  readonly #notices: Notices;
  #request = '';

  constructor(client: Client, notices: Notices) {
    this.#client = client;
    this.#notices = notices;
  }

  /** Loads the disagreement of at least two methods; empty for fewer. */
  async load(dataset: number, methods: readonly number[]): Promise<void> {
    const request = (this.#request = `${dataset}: ${methods.join()}`);
    if (methods.length < 2) {
      this.byImage = new Map();
      return;
    }
    try {
      const { images } = await this.#client.evaluation.disagreement({ dataset, methods: [...methods] });
      if (this.#request === request)
        this.byImage = new Map(images.map(({ image, disagreement }) => [image, disagreement]));
    } catch (thrown) {
      if (!isConnectionLost(thrown))
        this.#notices.showError('Could not load rank disagreement', toErrorReport(thrown));
    }
  }
}

export const [getDisagreement, setDisagreement] = createContext<DisagreementStore>();
