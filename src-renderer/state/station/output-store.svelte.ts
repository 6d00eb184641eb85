import { createContext } from 'svelte';
import type { Output } from '../../../src-main/common/api/outputs.ts';
import type { Client } from '../../api/connection.svelte.ts';
import { isConnectionLost, toErrorReport } from '../../api/failures.ts';

export type NewOutput = Omit<Parameters<Client['outputs']['add']>[0], 'station'>;
export type OutputChange = Omit<Parameters<Client['outputs']['change']>[0], 'output'>;

/** The outputs of the station on screen, and how their delivery goes. */
export class OutputStore {
  all = $state.raw<readonly Output[]>([]);
  /** Why they could not be loaded; empty if they were. */
  failure = $state('');
  /** The outputs that a person should look at: the last attempt failed, or messages were lost. */
  readonly troubled: readonly Output[] = $derived(this.all.filter(isTroubled));
  readonly #client: Pick<Client, 'outputs'>;
  #station: number | undefined;
  /** Number of the latest request. */
  #requests = 0;

  constructor(client: Pick<Client, 'outputs'>) {
    this.#client = client;
  }

  async open(station: number | undefined): Promise<void> {
    if (station !== this.#station) this.all = [];
    this.#station = station;
    await this.reload();
  }

  async reload(): Promise<void> {
    const station = this.#station;
    const request = ++this.#requests;
    if (station === undefined) return;
    try {
      const { outputs } = await this.#client.outputs.list({ station });
      if (request !== this.#requests) return;
      this.all = outputs;
      this.failure = '';
    } catch (thrown) {
      if (request === this.#requests && !isConnectionLost(thrown))
        this.failure = toErrorReport(thrown).message;
    }
  }

  /** @throws errors from the call */
  async add(wanted: NewOutput): Promise<void> {
    if (this.#station === undefined) return;
    this.#put(await this.#client.outputs.add({ station: this.#station, ...wanted }));
  }

  /** @throws errors from the call */
  async change(output: number, change: OutputChange): Promise<void> {
    this.#put(await this.#client.outputs.change({ output, ...change }));
  }

  /** Discards what is pending. @throws errors from the call */
  async remove(output: number): Promise<void> {
    await this.#client.outputs.remove({ output });
    this.#requests++;
    this.all = this.all.filter(({ id }) => id !== output);
  }

  /** Delivers a test message. @returns how long that took @throws why it was not delivered */
  async test(output: number): Promise<{ seconds: number }> {
    return await this.#client.outputs.test({ output });
  }

  /** Attempts delivery now. @throws errors from the call */
  async retry(output: number): Promise<void> {
    this.#put(await this.#client.outputs.retry({ output }));
  }

  #put(output: Output): void {
    this.#requests++;
    if (output.station !== this.#station) return;
    this.all = this.all.some(({ id }) => id === output.id)
      ? this.all.map((each) => (each.id === output.id ? output : each))
      : [...this.all, output];
  }
}

function isTroubled({ enabled, lastError, refused, dropped }: Output): boolean {
  return enabled && (lastError !== null || refused > 0 || dropped > 0);
}

export const [getOutputs, setOutputs] = createContext<OutputStore>();
