import { createContext } from 'svelte';
import type { SignedVerdict } from '../../../src-main/common/api/sessions.ts';
import type { Client } from '../../api/connection.svelte.ts';
import { toErrorReport, isConnectionLost } from '../../api/failures.ts';
import type { Notices } from '../notices.svelte.ts';

/** The latest verdict of each dataset image in any session. */
export class VerdictStore {
  byImage = $state.raw<ReadonlyMap<number, SignedVerdict>>(new Map());
  readonly #client: Client;
  readonly #notices: Notices;
  #dataset: number | undefined;
  /** Verdicts since the last request. */
  #recent: SignedVerdict[] = [];

  constructor(client: Client, notices: Notices) {
    this.#client = client;
    this.#notices = notices;
  }

  /** Loads or reloads the verdicts of a dataset. */
  async open(dataset: number | undefined): Promise<void> {
    if (dataset !== this.#dataset) this.byImage = new Map();
    this.#dataset = dataset;
    if (dataset === undefined) return;
    const recent = (this.#recent = []);
    try {
      const { verdicts } = await this.#client.sessions.verdicts({ dataset });
      // Verdicts that were set during the request are newer.
      if (this.#recent === recent)
        this.byImage = new Map(
          [...verdicts, ...recent].map((imageVerdict) => [imageVerdict.image, imageVerdict]),
        );
    } catch (thrown) {
      if (!isConnectionLost(thrown))
        this.#notices.showError('Could not load verdicts', toErrorReport(thrown));
    }
  }

  /** Adds or replaces a verdict. */
  upsert(imageVerdict: SignedVerdict): void {
    this.#recent.push(imageVerdict);
    this.byImage = new Map(this.byImage).set(imageVerdict.image, imageVerdict);
  }
}

export const [getVerdicts, setVerdicts] = createContext<VerdictStore>();
