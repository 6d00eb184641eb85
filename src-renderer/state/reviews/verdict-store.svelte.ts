import { createContext } from 'svelte';
import type { SignedVerdict } from '../../../src-main/common/api/sessions.ts';
import type { Client } from '../../api/connection.svelte.ts';
import { toErrorReport, isConnectionLost } from '../../api/failures.ts';
import type { Notices } from '../notices.svelte.ts';

/** The latest verdict of each image of the dataset, over all sessions. */
export class VerdictStore {
  byImage = $state.raw<ReadonlyMap<number, SignedVerdict>>(new Map());
  readonly #client: Client;
  readonly #notices: Notices;
  #dataset: number | undefined;
  /** What was said since the verdicts were last asked for. */
  #noted: SignedVerdict[] = [];

  constructor(client: Client, notices: Notices) {
    this.#client = client;
    this.#notices = notices;
  }

  /** Loads those of a dataset; of the same one again where they may have changed. */
  async open(dataset: number | undefined): Promise<void> {
    if (dataset !== this.#dataset) this.byImage = new Map();
    this.#dataset = dataset;
    if (dataset === undefined) return;
    const noted = (this.#noted = []);
    try {
      const { verdicts } = await this.#client.sessions.verdicts({ dataset });
      // What was said while the answer was under way is newer.
      if (this.#noted === noted)
        this.byImage = new Map(
          [...verdicts, ...noted].map((imageVerdict) => [imageVerdict.image, imageVerdict]),
        );
    } catch (thrown) {
      if (!isConnectionLost(thrown))
        this.#notices.showError('Could not load verdicts', toErrorReport(thrown));
    }
  }

  /** Takes in a verdict that was just made. */
  upsert(imageVerdict: SignedVerdict): void {
    this.#noted.push(imageVerdict);
    this.byImage = new Map(this.byImage).set(imageVerdict.image, imageVerdict);
  }
}

export const [getVerdicts, setVerdicts] = createContext<VerdictStore>();
