import type { UnsavedAction, UnsavedChange } from '../../../common/api/desktop.ts';

/** The part of a `BrowserWindow` that closing needs. */
export interface ClosableWindow {
  on(event: 'close', listener: (event: { preventDefault(): void }) => void): unknown;
  close(): void;
  isDestroyed(): boolean;
}

export interface CloseGuardOptions<Window> {
  /**
   * Makes the page save, ask the user, or discard.
   *
   * @returns the changes that are still unsaved; `unreachable` if the page does not respond; `gone` if the
   * page crashed or never loaded, so that it has no changes
   */
  settle(window: Window, action: UnsavedAction): Promise<UnsavedChange[] | 'unreachable' | 'gone'>;
  /** Asks the user about changes that could not be saved, or about a page that does not respond. */
  confirm(window: Window, unsaved: UnsavedChange[] | 'unreachable'): Promise<'save' | 'discard' | 'cancel'>;
  /** Quits again (`app.quit`). */
  quit(): void;
}

/**
 * Closes a window only after its changes were saved or discarded.
 *
 * When the application quits, Electron asks every window to close, and a window that refuses cancels the quit. So the guard
 * first refuses each close, lets the page save, and then starts the close, or the quit, again. If the user cancels, the window
 * and the application keep working.
 */
export class CloseGuard<Window extends ClosableWindow> {
  readonly #options: CloseGuardOptions<Window>;
  readonly #settled = new WeakSet<Window>();
  readonly #settling = new WeakSet<Window>();
  #quitting = false;

  constructor(options: CloseGuardOptions<Window>) {
    this.#options = options;
  }

  /** Guards a window. */
  add(window: Window): void {
    window.on('close', (event) => {
      if (this.#settled.has(window)) return;
      event.preventDefault();
      void this.#settle(window);
    });
  }

  /** Whether the page of a window may unload without a question, because its changes are saved or discarded. */
  isSettled(window: Window): boolean {
    return this.#settled.has(window);
  }

  /** Must be called on `before-quit`. */
  quitRequested(): void {
    this.#quitting = true;
  }

  async #settle(window: Window): Promise<void> {
    if (this.#settling.has(window)) return;
    this.#settling.add(window);
    const mayClose = await this.#mayClose(window).finally(() => this.#settling.delete(window));
    if (!mayClose) {
      this.#quitting = false;
      return;
    }
    this.#settled.add(window);
    if (this.#quitting) this.#options.quit();
    else if (!window.isDestroyed()) window.close();
  }

  async #mayClose(window: Window): Promise<boolean> {
    let unsaved = await this.#options.settle(window, 'flush');
    while (unsaved === 'unreachable' || (unsaved !== 'gone' && unsaved.length > 0)) {
      const choice = await this.#options.confirm(window, unsaved);
      if (window.isDestroyed()) return true;
      if (choice === 'cancel') return false;
      if (choice === 'discard') {
        if (unsaved !== 'unreachable') await this.#options.settle(window, 'discard');
        return true;
      }
      unsaved = await this.#options.settle(window, 'save');
    }
    return true;
  }
}
