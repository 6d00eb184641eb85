import type { IpcMain, IpcMainEvent, WebContents } from 'electron';
import { z } from 'zod';
import { channels } from '../channels.ts';
import type { Command, UnsavedAction, UnsavedChange } from '../../../common/api/desktop.ts';
import { isAppFrame } from '../security/policy.ts';

/** A page that has not saved within this time counts as not responding. */
const FLUSH_TIMEOUT_MS = 10_000;

const settled = z.tuple([
  z.int(),
  z.array(z.strictObject({ title: z.string().max(1000), reason: z.string().max(2000) })).max(1000),
]);

/**
 * Sends commands to pages, queues them until the pages listen, and makes pages settle their unsaved changes.
 */
export class PageLink {
  readonly #listening = new WeakSet<WebContents>();
  readonly #queued = new WeakMap<WebContents, Command[]>();
  readonly #requests = new Map<number, { page: WebContents; resolve: (unsaved: UnsavedChange[]) => void }>();
  #lastRequest = 0;

  constructor(ipc: IpcMain) {
    ipc.on(channels.ready, (event, ...payload) => {
      if (isAppFrame(event.senderFrame) && payload.length === 0) this.#listen(event.sender);
    });
    ipc.on(channels.unsaved, (event: IpcMainEvent, ...payload) => {
      if (!isAppFrame(event.senderFrame)) return;
      const { data } = settled.safeParse(payload);
      const request = data && this.#requests.get(data[0]);
      if (data && request?.page === event.sender) request.resolve(data[1]);
    });
  }

  /** Sends a command as soon as the page is listening. */
  send(page: WebContents, command: Command): void {
    if (this.#listening.has(page)) page.send(channels.command, command);
    else this.#queued.set(page, [...(this.#queued.get(page) ?? []), command]);
  }

  /** Resets a page that reloads or crashed, because it does not listen yet. */
  reset(page: WebContents): void {
    this.#listening.delete(page);
    for (const { page: requested, resolve } of this.#requests.values()) if (requested === page) resolve([]);
  }

  /** See `CloseGuardOptions.settle`. There is no timeout for `save`, because the page may ask the user. */
  async settle(page: WebContents, action: UnsavedAction): Promise<UnsavedChange[] | 'unreachable' | 'gone'> {
    if (page.isDestroyed() || page.isCrashed() || !this.#listening.has(page)) return 'gone';
    const request = ++this.#lastRequest;
    const { promise, resolve } = Promise.withResolvers<UnsavedChange[] | 'unreachable'>();
    this.#requests.set(request, { page, resolve });
    const timer = action === 'save' ? undefined : setTimeout(() => resolve('unreachable'), FLUSH_TIMEOUT_MS);
    page.send(channels.settle, request, action);
    return await promise.finally(() => {
      clearTimeout(timer);
      this.#requests.delete(request);
    });
  }

  #listen(page: WebContents): void {
    this.#listening.add(page);
    for (const command of this.#queued.get(page) ?? []) page.send(channels.command, command);
    this.#queued.delete(page);
  }
}
