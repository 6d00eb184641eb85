import type { Model, ModelEvent } from '../../../src-main/common/api/settings.ts';
import type { Client } from '../../api/connection.svelte.ts';
import { toErrorReport, isConnectionLost } from '../../api/failures.ts';

export type NewModel = Parameters<Client['models']['add']>[0];

/** How far the fetching or adding of a model has come; `total` is 0 where that is not known. */
export interface ModelProgress {
  name: string;
  what: string;
  done: number;
  total: number;
}

/** The backbones that Perch knows, and what is being done with them. */
export class Models {
  all = $state.raw<readonly Model[]>([]);
  progress = $state.raw<ModelProgress>();
  /** Why the last thing asked for was refused, and of which model. */
  refused = $state.raw<{ name: string; message: string }>();
  /** The model that was verified last and is what it was when it was added. */
  verified = $state<string>();
  readonly #client: Client;
  readonly #onChange: () => void;
  #abort = new AbortController();

  /** @param onChange called when what can be used has changed */
  constructor(client: Client, onChange: () => void) {
    this.#client = client;
    this.#onChange = onChange;
  }

  async load(): Promise<void> {
    await this.#try('', async () => {
      this.all = (await this.#client.models.list()).models;
    });
  }

  async fetch(name: string): Promise<void> {
    await this.#follow(name, (signal) => this.#client.models.fetch({ name }, { signal }));
  }

  /** Adds a model from a file of the host's machine. */
  async add(model: NewModel): Promise<boolean> {
    return await this.#follow(model.name, (signal) => this.#client.models.add(model, { signal }));
  }

  cancel(): void {
    this.#abort.abort();
  }

  /** Reckons the checksum of an added model again. */
  async verify(name: string): Promise<void> {
    await this.#try(name, async () => {
      const model = await this.#client.models.verify({ name });
      this.all = this.all.map((known) => (known.name === name ? model : known));
      if (!model.problem) this.verified = name;
    });
  }

  /** @throws as the call does */
  async remove(name: string): Promise<void> {
    await this.#client.models.remove({ name });
    await this.#changed();
  }

  async #follow(
    name: string,
    call: (signal: AbortSignal) => Promise<AsyncIterable<ModelEvent>>,
  ): Promise<boolean> {
    const { signal } = (this.#abort = new AbortController());
    this.progress = { name, what: 'Starting', done: 0, total: 0 };
    const added = await this.#try(name, async () => {
      for await (const event of await call(signal))
        if (event.type === 'progress' && !signal.aborted) this.progress = { name, ...event };
      await this.#changed();
    });
    this.progress = undefined;
    return added && !signal.aborted;
  }

  async #changed(): Promise<void> {
    await this.load();
    this.#onChange();
  }

  async #try(name: string, work: () => Promise<void>): Promise<boolean> {
    this.refused = undefined;
    this.verified = undefined;
    try {
      await work();
      return true;
    } catch (thrown) {
      const failure = toErrorReport(thrown);
      if (!isConnectionLost(thrown) && failure.code !== 'CANCELLED')
        this.refused = { name, message: failure.message };
      return false;
    }
  }
}
