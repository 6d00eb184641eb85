import { createContext } from 'svelte';
import type { ClassRegion, InspectionRegion } from '../../../src-main/common/api/regions.ts';
import { canonicalJson } from '../../../src-main/common/canonical-json.ts';
import type { Client } from '../../api/connection.svelte.ts';
import { isConnectionLost, toErrorReport } from '../../api/failures.ts';
import type { Notices } from '../notices.svelte.ts';

/** The inspection regions of the dataset's classes, as saved. */
export class RegionStore {
  byClass = $state.raw<ReadonlyMap<string, ClassRegion>>(new Map());
  readonly #client: Pick<Client, 'regions'>;
  readonly #notices: Notices;
  readonly #onChange: () => void;
  #dataset: number | undefined;
  #requests = 0;

  /** @param onChange called when a region of the open dataset has changed, which makes results outdated */
  constructor(client: Pick<Client, 'regions'>, notices: Notices, onChange: () => void = () => {}) {
    this.#client = client;
    this.#notices = notices;
    this.#onChange = onChange;
  }

  /** Loads or reloads the regions of a dataset. */
  async open(dataset: number | undefined): Promise<void> {
    const reopened = dataset === this.#dataset;
    if (!reopened) this.byClass = new Map();
    this.#dataset = dataset;
    const request = ++this.#requests;
    if (dataset === undefined) return;
    try {
      const { regions } = await this.#client.regions.list({ dataset });
      if (request !== this.#requests) return;
      const known = [...this.byClass.values()];
      // An unchanged region does not make panes redraw.
      if (canonicalJson(known) === canonicalJson(regions)) return;
      this.byClass = new Map(regions.map((region) => [region.textureClass, region]));
      if (reopened) this.#onChange();
    } catch (thrown) {
      if (!isConnectionLost(thrown))
        this.#notices.showError('Could not load the inspection regions', toErrorReport(thrown));
    }
  }

  /** A class's region; undefined for the whole image. */
  of(textureClass: string | undefined): InspectionRegion | undefined {
    return textureClass === undefined ? undefined : this.byClass.get(textureClass)?.region;
  }

  /** Saves a class's region, or removes it (null). @throws errors from the call */
  async save(textureClass: string, region: InspectionRegion | null, author: string): Promise<void> {
    const dataset = this.#dataset;
    if (dataset === undefined) return;
    await this.#client.regions.set({ dataset, textureClass, region, author });
    await this.open(dataset);
  }
}

export const [getRegions, setRegions] = createContext<RegionStore>();
