import { createContext } from 'svelte';
import { SvelteMap } from 'svelte/reactivity';
import { retryOnReconnect } from '../../api/retry.ts';
import type { Client } from '../../api/connection.svelte.ts';
import { toErrorReport, isConnectionLost } from '../../api/failures.ts';
import type { Notices } from '../notices.svelte.ts';

/** Identifies a threshold. */
export interface ThresholdKey {
  dataset: number;
  method: number;
  textureClass: string;
}

/** Delay of a write after the last change, because a dragged slider sets hundreds of thresholds. */
const SAVE_MS = 250;

/** The thresholds that users have set. A change applies immediately and is saved shortly after. */
export class ThresholdStore {
  readonly #custom = new SvelteMap<string, number>();
  readonly #unsaved = new Map<string, { key: ThresholdKey; timer: ReturnType<typeof setTimeout> }>();
  /** Incremented at the start and at the end of each write. */
  #writes = 0;
  readonly #client: Pick<Client, 'settings'>;
  readonly #notices: Notices;

  constructor(client: Pick<Client, 'settings'>, notices: Notices) {
    this.#client = client;
    this.#notices = notices;
  }

  /** Undefined if the suggested threshold applies. */
  get(key: ThresholdKey): number | undefined {
    return this.#custom.get(idOf(key));
  }

  /** Loads the thresholds of a dataset and a method, except those with unsaved changes. */
  async load(dataset: number, method: number): Promise<void> {
    const writes = this.#writes;
    try {
      const { thresholds } = await this.#client.settings.thresholds({ dataset, method });
      // A response from before a write is outdated. The write's change event triggers another load.
      if (writes !== this.#writes) return;
      const saved = new Map(
        thresholds.map(({ textureClass, score }) => [idOf({ dataset, method, textureClass }), score]),
      );
      for (const [id, score] of saved) if (!this.#unsaved.has(id)) this.#custom.set(id, score);
      const ofMethod = idOf({ dataset, method, textureClass: '' });
      for (const id of [...this.#custom.keys()])
        if (id.startsWith(ofMethod) && !saved.has(id) && !this.#unsaved.has(id)) this.#custom.delete(id);
    } catch (thrown) {
      if (!isConnectionLost(thrown))
        this.#notices.showError('Could not load thresholds', toErrorReport(thrown));
    }
  }

  /** @param score undefined resets it to the suggested one */
  set(key: ThresholdKey, score: number | undefined): void {
    const id = idOf(key);
    if (score === undefined) this.#custom.delete(id);
    else this.#custom.set(id, score);
    clearTimeout(this.#unsaved.get(id)?.timer);
    this.#unsaved.set(id, { key, timer: setTimeout(() => void this.#save(id), SAVE_MS) });
  }

  /** Applies a threshold that another window has set and saves. */
  apply(key: ThresholdKey, score: number | undefined): void {
    if (score === undefined) this.#custom.delete(idOf(key));
    else this.#custom.set(idOf(key), score);
  }

  /** Saves unsaved changes immediately. */
  async flush(): Promise<void> {
    await Promise.all([...this.#unsaved.keys()].map((id) => this.#save(id)));
  }

  async #save(id: string): Promise<void> {
    const unsaved = this.#unsaved.get(id);
    if (!unsaved) return;
    clearTimeout(unsaved.timer);
    this.#unsaved.delete(id);
    this.#writes++;
    try {
      const score = this.#custom.get(id) ?? null;
      await retryOnReconnect(() => this.#client.settings.setThreshold({ ...unsaved.key, score }));
    } catch (thrown) {
      const title = `Could not save the threshold of ${unsaved.key.textureClass}. Set it again.`;
      this.#notices.showError(title, toErrorReport(thrown));
    } finally {
      this.#writes++;
    }
  }
}

function idOf({ dataset, method, textureClass }: ThresholdKey): string {
  return `${dataset} ${method} ${textureClass}`;
}

export const [getThresholds, setThresholds] = createContext<ThresholdStore>();
