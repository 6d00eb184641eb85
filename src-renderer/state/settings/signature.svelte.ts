import { createContext } from 'svelte';
import type { SettingsStore } from './settings-store.svelte.ts';

/** The name under which changes are recorded: the operator in the settings. The user is asked for it once. */
export class Signature {
  /** The open request for the name; undefined if none is open. */
  question = $state.raw<{ answer: (name: string | undefined) => void }>();
  readonly #settings: SettingsStore;

  constructor(settings: SettingsStore) {
    this.#settings = settings;
  }

  /** The author's name; undefined if the user dismissed the request for it. */
  async author(): Promise<string | undefined> {
    const { operator } = this.#settings.values;
    if (operator !== '') return operator;
    this.question?.answer(undefined);
    const { promise, resolve } = Promise.withResolvers<string | undefined>();
    const question = (this.question = { answer: resolve });
    const name = await promise;
    if (this.question === question) this.question = undefined;
    if (name !== undefined) await this.#settings.update({ operator: name });
    return name;
  }
}

export const [getSignature, setSignature] = createContext<Signature>();
