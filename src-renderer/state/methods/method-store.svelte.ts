import { createContext } from 'svelte';
import type { MethodUse, Preset, StoredMethod } from '../../../src-main/common/api/runs.ts';
import type { AnyMethod, MethodOptions } from '../../../src-main/common/api/schemas.ts';
import type { Client } from '../../api/connection.svelte.ts';
import { toErrorReport, isConnectionLost } from '../../api/failures.ts';
import type { Notices } from '../notices.svelte.ts';

/** Milliseconds within which new results list the methods again once. */
const SOON = 250;

/** The methods that can be used, those that were, and the one whose results are shown. */
export class MethodStore {
  /** What a method can be built from. */
  options = $state.raw<MethodOptions>();
  presets = $state.raw<readonly Preset[]>([]);
  /** Every method that the store knows. */
  stored = $state.raw<readonly StoredMethod[]>([]);
  /** Methods that have results in the dataset. */
  used = $state.raw<readonly MethodUse[]>([]);
  /** The method that was chosen, whether or not it is known yet. */
  selectedId = $state<number>();
  readonly selected: StoredMethod | undefined = $derived.by(() => this.find(this.selectedId));

  readonly #client: Client;
  readonly #notices: Notices;
  #dataset: number | undefined;
  #soon: ReturnType<typeof setTimeout> | undefined;

  constructor(client: Client, notices: Notices) {
    this.#client = client;
    this.#notices = notices;
  }

  find(id: number | undefined): StoredMethod | undefined {
    return this.stored.find((method) => method.id === id);
  }

  /** A method's name for people. */
  label(id: number): string {
    return this.find(id)?.label ?? `method ${id}`;
  }

  /** Loads what does not depend on the dataset. */
  async load(): Promise<void> {
    await this.#try('Could not load methods', async () => {
      const [choices, { presets }] = await Promise.all([
        this.#client.methods.choices(),
        this.#client.methods.presets(),
      ]);
      this.options = choices;
      this.presets = presets;
    });
  }

  /** Loads what was used in a dataset; where no method is chosen, takes the one used most, else the standard one. */
  async open(dataset: number | undefined): Promise<void> {
    if (dataset !== this.#dataset) this.used = [];
    this.#dataset = dataset;
    if (dataset === undefined) return;
    await this.#try('Could not load methods', async () => {
      const [{ methods: used }, { methods: stored }] = await Promise.all([
        this.#client.methods.used({ dataset }),
        this.#client.methods.stored(),
      ]);
      if (this.#dataset !== dataset) return;
      this.used = used.toSorted((a, b) => b.results - a.results);
      this.stored = stored;
      if (this.selected) return;
      if (this.used[0]) this.selectedId = this.used[0].id;
      else await this.#selectDefault();
    });
  }

  /** Takes in that a method has a result: one that had none in the dataset is listed from then on. */
  recordUse(method: number): void {
    if (this.#dataset !== undefined && !this.used.some(({ id }) => id === method)) this.#reloadSoon();
  }

  /** Lists them again in a moment; asked for many times meanwhile, once. */
  #reloadSoon(): void {
    if (this.#soon !== undefined) return;
    this.#soon = setTimeout(() => {
      this.#soon = undefined;
      void this.open(this.#dataset);
    }, SOON);
  }

  select(method: StoredMethod): void {
    this.#addStored(method);
    this.selectedId = method.id;
  }

  /** The stored method of a definition, which is not chosen by that. @throws as the call does */
  async store(definition: AnyMethod, label?: string): Promise<StoredMethod> {
    const method = await this.#client.methods.store(
      label === undefined ? { definition } : { definition, label },
    );
    this.#addStored(method);
    return method;
  }

  async selectPreset(preset: Preset): Promise<void> {
    await this.#try(`${preset.title} cannot be chosen`, async () => {
      this.select(await this.store(preset.definition, preset.name));
    });
  }

  /** Keeps a definition under a name. @throws as the call does */
  async savePreset(name: string, title: string, definition: AnyMethod): Promise<void> {
    await this.#client.methods.savePreset({ name, title, definition });
    this.presets = (await this.#client.methods.presets()).presets;
  }

  async removePreset(name: string): Promise<void> {
    await this.#try(`Could not remove preset ${name}`, async () => {
      await this.#client.methods.removePreset({ name });
      this.presets = (await this.#client.methods.presets()).presets;
    });
  }

  async #selectDefault(): Promise<void> {
    const { standard } = this.options ?? (await this.#client.methods.choices());
    this.select(await this.store(standard));
  }

  #addStored(method: StoredMethod): void {
    if (!this.find(method.id)) this.stored = [...this.stored, method];
  }

  async #try(title: string, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (thrown) {
      if (!isConnectionLost(thrown)) this.#notices.showError(title, toErrorReport(thrown));
    }
  }
}

export const [getMethods, setMethods] = createContext<MethodStore>();
