import type { DisplayState } from './display-state.ts';

type Message = { type: 'state'; state: DisplayState } | { type: 'request' };

const SOURCE_KEY = 'perch-display-source';

/** The id under which this window publishes its state. It survives a reload, so that a second window stays connected. */
export function displaySource(): string {
  const stored = sessionStorage.getItem(SOURCE_KEY);
  if (stored !== null) return stored;
  const source = crypto.randomUUID();
  sessionStorage.setItem(SOURCE_KEY, source);
  return source;
}

/** The URL fragment of a second window that shows the state of `source`. */
export const displayHash = (source: string): string => `#/display?source=${source}`;

/** The source in the fragment of a second window; undefined for other fragments. */
export const sourceOf = (hash: string): string | undefined =>
  /^#\/display\?source=([\w-]{1,64})$/.exec(hash)?.[1];

/** Connects the main window with its second windows within the browser. */
export class DisplayChannel {
  readonly #channel: BroadcastChannel;
  #state: DisplayState | undefined;

  constructor(source: string) {
    this.#channel = new BroadcastChannel(`perch-display-${source}`);
  }

  /** Publishes a state, and repeats it for each second window that opens later. */
  publish(state: DisplayState): void {
    if (this.#state === undefined)
      this.#channel.addEventListener('message', ({ data }: MessageEvent<Message>) => {
        if (data.type === 'request') this.#send();
      });
    this.#state = state;
    this.#send();
  }

  /** Calls back with the current state and with every later one. */
  follow(show: (state: DisplayState) => void): void {
    this.#channel.addEventListener('message', ({ data }: MessageEvent<Message>) => {
      if (data.type === 'state') show(data.state);
    });
    this.#channel.postMessage({ type: 'request' } satisfies Message);
  }

  #send(): void {
    if (this.#state) this.#channel.postMessage({ type: 'state', state: this.#state } satisfies Message);
  }
}
