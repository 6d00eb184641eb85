import { createContext } from 'svelte';
import type { ClassScale, ScaleProposal, ScaleSource } from '../../../src-main/common/api/scale.ts';
import type { Scale } from '../../../src-main/common/scale.ts';
import type { Client } from '../../api/connection.svelte.ts';
import { isConnectionLost, toErrorReport } from '../../api/failures.ts';
import type { Notices } from '../notices.svelte.ts';

/** The scales of the dataset's classes, and those that files declare. */
export class ScaleStore {
  byClass = $state.raw<ReadonlyMap<string, ClassScale>>(new Map());
  proposals = $state.raw<readonly ScaleProposal[]>([]);
  readonly #client: Pick<Client, 'scales'>;
  readonly #notices: Notices;
  #dataset: number | undefined;
  #requests = 0;

  constructor(client: Pick<Client, 'scales'>, notices: Notices) {
    this.#client = client;
    this.#notices = notices;
  }

  /** Loads or reloads the scales of a dataset. */
  async open(dataset: number | undefined): Promise<void> {
    if (dataset !== this.#dataset) {
      this.byClass = new Map();
      this.proposals = [];
    }
    this.#dataset = dataset;
    const request = ++this.#requests;
    if (dataset === undefined) return;
    try {
      const { scales, proposals } = await this.#client.scales.list({ dataset });
      if (request !== this.#requests) return;
      this.byClass = new Map(scales.map((scale) => [scale.textureClass, scale]));
      this.proposals = proposals;
    } catch (thrown) {
      if (!isConnectionLost(thrown))
        this.#notices.showError('Could not load the scales', toErrorReport(thrown));
    }
  }

  /** A class's scale; undefined if it has none. */
  of(textureClass: string | undefined): Scale | undefined {
    return textureClass === undefined ? undefined : this.byClass.get(textureClass)?.scale;
  }

  /** Saves a class's scale, or removes it (null). @throws errors from the call */
  async save(
    textureClass: string,
    scale: Scale | null,
    { source, author }: { source: ScaleSource; author: string },
  ): Promise<void> {
    const dataset = this.#dataset;
    if (dataset === undefined) return;
    await this.#client.scales.set({ dataset, textureClass, scale, source, author });
    await this.open(dataset);
  }
}

export const [getScales, setScales] = createContext<ScaleStore>();
