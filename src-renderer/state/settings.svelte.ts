import type { Settings as Values } from '../../src-main/api/settings.ts';
import { untilAnswered } from '../api/again.ts';
import type { Client } from '../api/connection.svelte.ts';
import { failureOf, isLost } from '../api/failures.ts';
import type { Notices } from './notices.svelte.ts';

/** What a person has set, for every window and every day. */
export class Settings {
  values = $state.raw<Values>({
    operator: '',
    theme: 'dark',
    provider: 'auto',
    advances: true,
    blindReview: true,
  });
  readonly #client: Client;
  readonly #notices: Notices;

  constructor(client: Client, notices: Notices) {
    this.#client = client;
    this.#notices = notices;
  }

  async load(): Promise<void> {
    try {
      this.values = await this.#client.settings.get();
    } catch (thrown) {
      if (!isLost(thrown)) this.#notices.problem('Settings cannot be read', failureOf(thrown));
    }
  }

  /** Holds at once; taken back where it could not be kept. */
  async change(part: Partial<Values>): Promise<void> {
    const before = this.values;
    this.values = { ...before, ...part };
    try {
      this.values = await untilAnswered(() => this.#client.settings.change(part));
    } catch (thrown) {
      this.values = before;
      this.#notices.problem('Could not save the setting', failureOf(thrown));
    }
  }
}
