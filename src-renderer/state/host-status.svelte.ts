import { createContext } from 'svelte';
import type { Status } from '../../src-main/common/api/schemas.ts';
import type { Client } from '../api/connection.svelte.ts';
import { consumeStream } from '../api/consume-stream.ts';
import type { Notices } from './notices.svelte.ts';

/** The status of the host: engine, device, warnings. */
export class HostStatus {
  /** Undefined until the first report. */
  current = $state.raw<Status>();
  readonly #client: Pick<Client, 'system'>;
  readonly #notices: Notices;
  readonly #shownWarnings = new Set<string>();

  constructor(client: Pick<Client, 'system'>, notices: Notices) {
    this.#client = client;
    this.#notices = notices;
  }

  /** Follows the host until the connection ends. */
  async watch(): Promise<void> {
    await consumeStream(
      this.#client.system.watch(),
      (status) => {
        this.current = status;
        for (const warning of status.warnings) this.#warn(warning);
      },
      (failure) => this.#notices.showError('Lost the status stream from the server', failure),
    );
  }

  /** Shows each warning once. A dismissed warning does not return with the next status. */
  #warn(warning: string): void {
    if (this.#shownWarnings.has(warning)) return;
    this.#shownWarnings.add(warning);
    this.#notices.show('error', warning);
  }
}

export const [getHostStatus, setHostStatus] = createContext<HostStatus>();
