import { createContext } from 'svelte';
import type { MethodUse, Preset, StoredMethod } from '../../../src-main/common/api/runs.ts';
import type { AnyMethod, MethodOptions } from '../../../src-main/common/api/schemas.ts';
import type { Client } from '../../api/connection.svelte.ts';
import { toErrorReport, isConnectionLost } from '../../api/failures.ts';
import type { Notices } from '../notices.svelte.ts';

/** New results reload the list of methods at most once per this many milliseconds. */
const RELOAD_MS = 250;

/** The available methods, those used in the dataset, and the selected one. */
export class MethodStore {
  /** The components that a method can be built from. */
  options = $state.raw<MethodOptions>();
  presets = $state.raw<readonly Preset[]>([]);
  /** All methods of the store. */
  stored = $state.raw<readonly StoredMethod[]>([]);
  /** Methods with results in the dataset, most results first. */
  used = $state.raw<readonly MethodUse[]>([]);
  /** Id of the selected method, which may not have loaded yet. */
  selectedId = $state<number>();
  readonly selected: StoredMethod | undefined = $derived.by(() => this.find(this.selectedId));

  readonly #client: Client;
  readonly #notices: Notices;
  #dataset: number | undefined;
  #reloadTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(client: Client, notices: Notices) {
    this.#client = client;
    this.#notices = notices;
  }

  find(id: number | undefined): StoredMethod | undefined {
    return this.stored.find((method) => method.id === id);
  }

  /** The display name of a method. */
  label(id: number): string {
    return this.find(id)?.label ?? `method ${id}`;
  }

  /** Loads the options and presets, which are the same for all datasets. */
  async load(): Promise<void> {
    await this.#try('Could not load methods', async () => {
      const [choices, { presets }] = await Promise.all([
        this.#client.methods.options(),
        this.#client.methods.presets(),
      ]);
      this.options = choices;
      this.presets = presets;
    });
  }

  /** Loads a dataset's methods. If none is selected, selects the most used one, or the default. */
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

  /** Reloads the list if this is the first result of a method in the dataset. */
  recordUse(method: number): void {
    if (this.#dataset !== undefined && !this.used.some(({ id }) => id === method)) this.#reloadSoon();
  }

  #reloadSoon(): void {
    if (this.#reloadTimer !== undefined) return;
    this.#reloadTimer = setTimeout(() => {
      this.#reloadTimer = undefined;
      void this.open(this.#dataset);
    }, RELOAD_MS);
  }

  select(method: StoredMethod): void {
    this.#addStored(method);
    this.selectedId = method.id;
  }

  /** Stores a definition without selecting it. @throws errors from the call */
  async store(definition: AnyMethod, label?: string): Promise<StoredMethod> {
    const method = await this.#client.methods.store(
      label === undefined ? { definition } : { definition, label },
    );
    this.#addStored(method);
    return method;
  }

  async selectPreset(preset: Preset): Promise<void> {
    await this.#try(`${preset.title} cannot be selected`, async () => {
      this.select(await this.store(preset.definition, preset.name));
    });
  }

  /** Saves a definition as a preset. @throws errors from the call */
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
    const { default: method } = this.options ?? (await this.#client.methods.options());
    this.select(await this.store(method));
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
