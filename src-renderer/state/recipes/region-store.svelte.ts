import { createContext } from 'svelte';
import type { ClassRegion, InspectionRegion } from '../../../src-main/common/api/regions.ts';
import type { Client } from '../../api/connection.svelte.ts';
import { isConnectionLost, toErrorReport } from '../../api/failures.ts';
import type { Notices } from '../notices.svelte.ts';

/** The inspection regions of the dataset's classes, as saved. */
export class RegionStore {
  byClass = $state.raw<ReadonlyMap<string, ClassRegion>>(new Map());
  readonly #client: Pick<Client, 'regions'>;
  readonly #notices: Notices;
  #dataset: number | undefined;
  #requests = 0;

  constructor(client: Pick<Client, 'regions'>, notices: Notices) {
    this.#client = client;
    this.#notices = notices;
  }

  /** Loads or reloads the regions of a dataset. */
  async open(dataset: number | undefined): Promise<void> {
    if (dataset !== this.#dataset) this.byClass = new Map();
    this.#dataset = dataset;
    const request = ++this.#requests;
    if (dataset === undefined) return;
    try {
      const { regions } = await this.#client.regions.list({ dataset });
      if (request === this.#requests)
        this.byClass = new Map(regions.map((region) => [region.textureClass, region]));
    } catch (thrown) {
      if (!isConnectionLost(thrown))
        this.#notices.showError('Could not load the inspection regions', toErrorReport(thrown));
    }
  }

  /** A class's region; undefined for the whole image. */
  of(textureClass: string | undefined): InspectionRegion | undefined {
    return textureClass === undefined ? undefined : this.byClass.get(textureClass)?.region;
  }

  /** Saves a class's region, or removes it (null). @throws errors of the call */
  async save(textureClass: string, region: InspectionRegion | null, author: string): Promise<void> {
    const dataset = this.#dataset;
    if (dataset === undefined) return;
    await this.#client.regions.set({ dataset, textureClass, region, author });
    await this.open(dataset);
  }
}

export const [getRegions, setRegions] = createContext<RegionStore>();
