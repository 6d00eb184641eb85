import type { UnsavedAction, UnsavedChange } from '../../../common/api/desktop.ts';

/** A window as far as closing it goes (`BrowserWindow`). */
export interface ClosableWindow {
  on(event: 'close', listener: (event: { preventDefault(): void }) => void): unknown;
  close(): void;
  isDestroyed(): boolean;
}

/** What closing needs of the page and of the person. */
export interface CloseGuardOptions<Window> {
  /**
   * Has the page save, ask, or discard.
   *
   * @returns the changes that are still not on disk; `unreachable` where the page does not answer; `gone` where there is
   *   no page that could hold changes (crashed, never loaded)
   */
  settle(window: Window, action: UnsavedAction): Promise<UnsavedChange[] | 'unreachable' | 'gone'>;
  /** Asks the person about changes that could not be saved, or about a page that does not answer. */
  confirm(window: Window, unsaved: UnsavedChange[] | 'unreachable'): Promise<'save' | 'discard' | 'cancel'>;
  /** Starts quitting again (`app.quit`). */
  quit(): void;
}

/**
 * Closes a window only when its changes are on disk or the person discarded them.
 *
 * Electron asks every window to close when the application quits, and a window that refuses cancels quitting. So each close
 * is refused first, the page saves, and the close, or the quit that it belonged to, is started again. A person who cancels
 * keeps the window and an application that works.
 */
export class CloseGuard<Window extends ClosableWindow> {
  readonly #options: CloseGuardOptions<Window>;
  readonly #settled = new WeakSet<Window>();
  readonly #settling = new WeakSet<Window>();
  #quitting = false;

  constructor(options: CloseGuardOptions<Window>) {
    this.#options = options;
  }

  /** Guards a window from now on. */
  add(window: Window): void {
    window.on('close', (event) => {
      if (this.#settled.has(window)) return;
      event.preventDefault();
      void this.#settle(window);
    });
  }

  /** Whether the page of a window may be left without a question: its changes are on disk or discarded. */
  isSettled(window: Window): boolean {
    return this.#settled.has(window);
  }

  /** To be called on `before-quit`. */
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
    let left = await this.#options.settle(window, 'flush');
    while (left === 'unreachable' || (left !== 'gone' && left.length > 0)) {
      const choice = await this.#options.confirm(window, left);
      if (window.isDestroyed()) return true;
      if (choice === 'cancel') return false;
      if (choice === 'discard') {
        if (left !== 'unreachable') await this.#options.settle(window, 'discard');
        return true;
      }
      left = await this.#options.settle(window, 'save');
    }
    return true;
  }
}
