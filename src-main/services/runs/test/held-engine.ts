import { setMaxListeners } from 'node:events';
import { EngineClient, type RequestOptions } from '../../../engine/client/engine-client.ts';
import type { RequestKind, EngineRequests } from '../../../engine/protocol/messages.ts';

/** An engine that can be held after a number of items, in the middle of a run. */
export class HeldEngine extends EngineClient {
  #itemsLeft = Infinity;
  #letGo = new AbortController();

  /** Processes this many more items, and holds the next ones until `letGo`. */
  holdAfter(items: number): void {
    this.#itemsLeft = items;
    this.#letGo = new AbortController();
    setMaxListeners(0, this.#letGo.signal);
  }

  letGo(): void {
    this.#itemsLeft = Infinity;
    this.#letGo.abort();
  }

  override async request<Kind extends RequestKind>(
    kind: Kind,
    request: EngineRequests[Kind]['request'],
    options: RequestOptions = {},
  ): Promise<EngineRequests[Kind]['response']> {
    if (this.#itemsLeft-- <= 0) await aborted([this.#letGo.signal, options.signal]);
    return super.request(kind, request, options);
  }
}

/** Waits until one of the signals has aborted. */
function aborted(signals: (AbortSignal | undefined)[]): Promise<unknown> {
  const any = AbortSignal.any(signals.filter((signal) => signal !== undefined));
  return new Promise((resolve) => {
    if (any.aborted) resolve(undefined);
    any.addEventListener('abort', resolve, { once: true });
  });
}
