import { createContext } from 'svelte';
import { SvelteMap } from 'svelte/reactivity';
import { retryOnReconnect } from '../../api/retry.ts';
import type { Client } from '../../api/connection.svelte.ts';
import { toErrorReport, isConnectionLost } from '../../api/failures.ts';
import type { Notices } from '../notices.svelte.ts';

/** What a threshold is set for. */
export interface ThresholdKey {
  dataset: number;
  method: number;
  textureClass: string;
}

/** A slider that is dragged sets hundreds of thresholds; only where it rests is worth a write. */
const REST = 250;

/** Thresholds that a person has set. What is set holds on every screen at once and is kept by the host shortly after. */
export class ThresholdStore {
  readonly #custom = new SvelteMap<string, number>();
  readonly #unsaved = new Map<string, { place: ThresholdKey; timer: ReturnType<typeof setTimeout> }>();
  /** Counts writes, at their start and at their end. */
  #writes = 0;
  readonly #client: Pick<Client, 'settings'>;
  readonly #notices: Notices;

  constructor(client: Pick<Client, 'settings'>, notices: Notices) {
    this.#client = client;
    this.#notices = notices;
  }

  /** Undefined where the proposal holds. */
  get(place: ThresholdKey): number | undefined {
    return this.#custom.get(keyOf(place));
  }

  /** Reads what the host has kept of a dataset by a method; what is not saved yet stays. */
  async load(dataset: number, method: number): Promise<void> {
    const writes = this.#writes;
    try {
      const { thresholds } = await this.#client.settings.thresholds({ dataset, method });
      // An answer from before a write would take it back; the write is told as a change and loads again.
      if (writes !== this.#writes) return;
      const kept = new Map(
        thresholds.map(({ textureClass, score }) => [keyOf({ dataset, method, textureClass }), score]),
      );
      for (const [key, score] of kept) if (!this.#unsaved.has(key)) this.#custom.set(key, score);
      const ofMethod = keyOf({ dataset, method, textureClass: '' });
      for (const key of [...this.#custom.keys()])
        if (key.startsWith(ofMethod) && !kept.has(key) && !this.#unsaved.has(key)) this.#custom.delete(key);
    } catch (thrown) {
      if (!isConnectionLost(thrown))
        this.#notices.showError('Could not load thresholds', toErrorReport(thrown));
    }
  }

  /** @param score undefined lets the proposal hold again */
  set(place: ThresholdKey, score: number | undefined): void {
    const key = keyOf(place);
    if (score === undefined) this.#custom.delete(key);
    else this.#custom.set(key, score);
    clearTimeout(this.#unsaved.get(key)?.timer);
    this.#unsaved.set(key, { place, timer: setTimeout(() => void this.#save(key), REST) });
  }

  /** Shows a threshold that another window set; that window saves it. */
  apply(place: ThresholdKey, score: number | undefined): void {
    if (score === undefined) this.#custom.delete(keyOf(place));
    else this.#custom.set(keyOf(place), score);
  }

  /** Saves what is not saved yet, now. */
  async flush(): Promise<void> {
    await Promise.all([...this.#unsaved.keys()].map((key) => this.#save(key)));
  }

  async #save(key: string): Promise<void> {
    const unsaved = this.#unsaved.get(key);
    if (!unsaved) return;
    clearTimeout(unsaved.timer);
    this.#unsaved.delete(key);
    this.#writes++;
    try {
      const score = this.#custom.get(key) ?? null;
      await retryOnReconnect(() => this.#client.settings.setThreshold({ ...unsaved.place, score }));
    } catch (thrown) {
      const title = `Could not save the threshold of ${unsaved.place.textureClass}. Set it again.`;
      this.#notices.showError(title, toErrorReport(thrown));
    } finally {
      this.#writes++;
    }
  }
}

function keyOf({ dataset, method, textureClass }: ThresholdKey): string {
  return `${dataset} ${method} ${textureClass}`;
}

export const [getThresholds, setThresholds] = createContext<ThresholdStore>();
