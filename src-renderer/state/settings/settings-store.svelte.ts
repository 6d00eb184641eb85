import { createContext } from 'svelte';
import type { Settings as Values } from '../../../src-main/common/api/settings.ts';
import { retryOnReconnect } from '../../api/retry.ts';
import type { Client } from '../../api/connection.svelte.ts';
import { toErrorReport, isConnectionLost } from '../../api/failures.ts';
import type { Notices } from '../notices.svelte.ts';

/** The settings, shared by all windows. */
export class SettingsStore {
  values = $state.raw<Values>({
    operator: '',
    theme: 'dark',
    provider: 'auto',
    autoAdvance: true,
    alarmSound: false,
    units: 'mm',
    gradingRule: 'four-point',
    decodedGigabytes: 16,
    queue: '',
    queueAddress: '',
  });
  readonly #client: Client;
  readonly #notices: Notices;
  /** Incremented at the start and at the end of each change. */
  #changes = 0;

  constructor(client: Client, notices: Notices) {
    this.#client = client;
    this.#notices = notices;
  }

  async load(): Promise<void> {
    const changes = this.#changes;
    try {
      const values = await this.#client.settings.get();
      // A response that was requested before a change is outdated.
      if (changes === this.#changes) this.values = values;
    } catch (thrown) {
      if (!isConnectionLost(thrown))
        this.#notices.showError('Could not load settings', toErrorReport(thrown));
    }
  }

  /** Changes settings immediately, and reverts them if they cannot be saved. */
  async update(part: Partial<Values>): Promise<void> {
    this.#changes++;
    const before = this.values;
    this.values = { ...before, ...part };
    try {
      await retryOnReconnect(() => this.#client.settings.change(part));
    } catch (thrown) {
      const names = Object.keys(part) as (keyof Values)[];
      this.values = { ...this.values, ...Object.fromEntries(names.map((name) => [name, before[name]])) };
      this.#notices.showError('Could not save the setting', toErrorReport(thrown));
    } finally {
      this.#changes++;
    }
  }
}

export const [getSettings, setSettings] = createContext<SettingsStore>();
