import { createContext } from 'svelte';
import { createORPCClient, ORPCError, type ClientContext, type ClientLink } from '@orpc/client';
import type { ContractRouterClient } from '@orpc/contract';
import type { Contract } from '../../src-main/common/api/contract.ts';
import { ConnectionLostError } from './failures.ts';
import { isRefused, openTransport } from './transport.ts';
import { isPageStore } from './page-store.ts';

export type Client = ContractRouterClient<Contract>;

/** Responses within this many milliseconds feel immediate. */
const IMMEDIATE_MS = 80;

/** Delays between attempts to connect, in milliseconds. */
const FIRST_WAIT = 300;
const MAX_WAIT = 2000;

/** The connection to the host. It reconnects automatically; calls wait while it is lost. */
export class Connection {
  /**
   * `refused`: the host was restarted and does not accept this window's cookie. `foreign`: the host uses
   * a different data directory from this window, so nothing is sent to it.
   */
  state = $state<'connecting' | 'open' | 'lost' | 'refused' | 'foreign'>('connecting');
  /** Number of connections so far. Watch it to reload what failed to load while the connection was lost. */
  connectionCount = $state(0);
  /** Whether a call takes noticeably long, so that the window shows an activity indicator. */
  waiting = $state(false);
  readonly client: Client;
  #pending = 0;
  #onIdle: (() => void)[] = [];
  #opened = Promise.withResolvers<ClientLink<ClientContext>>();

  constructor() {
    this.client = createORPCClient({
      call: async (path, input, options) => {
        const link = await this.#opened.promise;
        const onResponse = this.#countCall();
        try {
          const answer = await link.call(path, input, options);
          return isStream(answer) ? guardStream(answer) : answer;
        } catch (thrown) {
          throw asConnectionError(thrown);
        } finally {
          onResponse();
        }
      },
    });
  }

  /** Counts a pending call. @returns a function to call with the response */
  #countCall(): () => void {
    this.#pending++;
    const timer = setTimeout(() => (this.waiting = true), IMMEDIATE_MS);
    return () => {
      clearTimeout(timer);
      if (--this.#pending > 0) return;
      this.waiting = false;
      for (const done of this.#onIdle.splice(0)) done();
    };
  }

  /** Resolves when no call is pending. */
  async idle(): Promise<void> {
    if (this.#pending > 0) await new Promise<void>((done) => this.#onIdle.push(done));
  }

  /**
   * Connects, and reconnects for the life of the page.
   *
   * @param onOpen called after every connect
   */
  async connect(onOpen: () => void): Promise<never> {
    for (let wait = FIRST_WAIT; ; wait = Math.min(wait * 2, MAX_WAIT)) {
      try {
        const { link, close, closed } = await openTransport();
        const { id } = await (createORPCClient(link) as Client).storage.identity();
        if (isPageStore(id)) {
          wait = FIRST_WAIT;
          this.#opened.resolve(link);
          this.state = 'open';
          this.connectionCount++;
          onOpen();
          await closed;
          this.#opened = Promise.withResolvers();
          this.state = 'lost';
        } else {
          this.state = 'foreign';
          close();
        }
      } catch (thrown) {
        console.warn('Could not connect to the host:', thrown);
        this.state = (await isRefused()) ? 'refused' : 'lost';
      }
      await new Promise((resolve) => setTimeout(resolve, wait));
    }
  }
}

function isStream(answer: unknown): answer is AsyncIterable<unknown> {
  return typeof answer === 'object' && answer !== null && Symbol.asyncIterator in answer;
}

/** Converts errors from a stream whose connection has closed. */
async function* guardStream(stream: AsyncIterable<unknown>): AsyncGenerator<unknown, void, void> {
  try {
    yield* stream;
  } catch (thrown) {
    throw asConnectionError(thrown);
  }
}

/** Errors that the host did not send are connection errors. */
function asConnectionError(thrown: unknown): unknown {
  return thrown instanceof ORPCError ? thrown : new ConnectionLostError(thrown);
}

export const [getConnection, setConnection] = createContext<Connection>();
