import { bridge } from '../../api/bridge.ts';
import type { Client } from '../../api/connection.svelte.ts';
import { toErrorReport } from '../../api/failures.ts';
import type { Notices } from '../notices.svelte.ts';
import { DisplayChannel, displayHash, displaySource } from './display-channel.ts';
import type { DisplayState } from './display-state.ts';

/** Opens second windows and publishes the state of the main window to them. */
export class SecondWindow {
  readonly #client: Pick<Client, 'system'>;
  readonly #notices: Notices;
  readonly #source = displaySource();
  readonly #channel = new DisplayChannel(this.#source);

  constructor(client: Pick<Client, 'system'>, notices: Notices) {
    this.#client = client;
    this.#notices = notices;
  }

  open(): void {
    if (bridge)
      this.#client.system
        .openDisplay({ source: this.#source })
        .catch((thrown: unknown) =>
          this.#notices.showError('Could not open the second window', toErrorReport(thrown)),
        );
    else window.open(`/${displayHash(this.#source)}`, `perch-display-${this.#source}`, 'popup');
  }

  publish(state: DisplayState): void {
    this.#channel.publish(state);
  }
}
