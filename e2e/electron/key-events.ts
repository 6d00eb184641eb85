/** A key press as `before-input-event` describes it. */
export interface KeyInput {
  key: string;
  code: string;
  control: boolean;
  shift: boolean;
  alt: boolean;
  meta: boolean;
  isAutoRepeat: boolean;
}

type Listener = (input: KeyInput, contents: object) => void;

const listeners: Listener[] = [];

/** Subscribes to key presses that a page did not handle. */
export function onUnhandledKey(listener: Listener): void {
  listeners.push(listener);
}

/** Reports a key press that the page of `contents` did not handle. */
export function emitUnhandledKey(input: KeyInput, contents: object): void {
  for (const listener of listeners) listener(input, contents);
}
