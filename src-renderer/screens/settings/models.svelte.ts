import type {
  ArchitectureChoice,
  Model,
  ModelEvent,
  ModelFile,
} from '../../../src-main/common/api/models.ts';
import type { Client } from '../../api/connection.svelte.ts';
import { toErrorReport, isConnectionLost } from '../../api/failures.ts';

/** Progress of a download or an import; `total` is 0 if unknown. */
export interface ModelProgress {
  name: string;
  what: string;
  done: number;
  total: number;
}

/** The known models, and the operation in progress. */
export class Models {
  all = $state.raw<readonly Model[]>([]);
  /** The networks that Perch builds from checkpoints. */
  architectures = $state.raw<readonly ArchitectureChoice[]>([]);
  progress = $state.raw<ModelProgress>();
  /** Error of the last operation, and its model. */
  failure = $state.raw<{ name: string; message: string }>();
  /** The model that the last verification found unchanged. */
  verified = $state<string>();
  readonly #client: Client;
  readonly #onChange: () => void;
  #abort = new AbortController();

  /** @param onChange called when the set of usable models changes */
  constructor(client: Client, onChange: () => void) {
    this.#client = client;
    this.#onChange = onChange;
  }

  async load(): Promise<void> {
    await this.#try('', async () => {
      const { models, architectures } = await this.#client.models.list();
      this.all = models;
      this.architectures = architectures;
    });
  }

  async fetch(name: string): Promise<void> {
    await this.#consume(name, (signal) => this.#client.models.download({ name }, { signal }));
  }

  /** Imports a model from a file on the host. */
  async add(file: ModelFile): Promise<boolean> {
    return await this.#consume(file.name, (signal) => this.#client.models.import(file, { signal }));
  }

  cancel(): void {
    this.#abort.abort();
  }

  /** Verifies the checksum of a model and runs it once. */
  async verify(name: string): Promise<void> {
    await this.#try(name, async () => {
      const model = await this.#client.models.verify({ name });
      this.all = this.all.map((known) => (known.name === name ? model : known));
      if (!model.problem) this.verified = name;
    });
  }

  /** @throws if the host refuses */
  async remove(name: string): Promise<void> {
    await this.#client.models.remove({ name });
    await this.#changed();
  }

  async #consume(
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
    this.failure = undefined;
    this.verified = undefined;
    try {
      await work();
      return true;
    } catch (thrown) {
      const failure = toErrorReport(thrown);
      if (!isConnectionLost(thrown) && failure.code !== 'CANCELED')
        this.failure = { name, message: failure.message };
      return false;
    }
  }
}
