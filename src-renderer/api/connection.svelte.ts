import { createContext } from 'svelte';
import { createORPCClient, ORPCError, type ClientContext, type ClientLink } from '@orpc/client';
import type { ContractRouterClient } from '@orpc/contract';
import type { Contract } from '../../src-main/common/api/contract.ts';
import { ConnectionLostError } from './failures.ts';
import { isRefused, openTransport } from './transport.ts';
import { isPageStore } from './own-store.ts';

export type Client = ContractRouterClient<Contract>;

/** Milliseconds within which an answer feels like none was awaited. */
const AT_ONCE = 80;

const FIRST_WAIT = 300;
const LONGEST_WAIT = 2000;

/** The way to the host, opened again whenever it is lost. Calls made meanwhile wait for it. */
export class Connection {
  /**
   * `refused`: a host is there, but it was started again and does not know this window yet. `foreign`: it has another store than
   * the one that the ids in this window are of, so nothing is sent to it.
   */
  state = $state<'connecting' | 'open' | 'lost' | 'refused' | 'foreign'>('connecting');
  /** How often the way has been opened; what failed to load meanwhile is loaded anew with each. */
  connectionCount = $state(0);
  /** Whether an answer is awaited that did not come at once: the window shows that it heard, whatever was asked. */
  waiting = $state(false);
  readonly client: Client;
  #pending = 0;
  #onIdle: (() => void)[] = [];
  #opened = Promise.withResolvers<ClientLink<ClientContext>>();

  constructor() {
    this.client = createORPCClient({
      call: async (path, input, options) => {
        const link = await this.#opened.promise;
        const answered = this.#await();
        try {
          const answer = await link.call(path, input, options);
          return isStream(answer) ? told(answer) : answer;
        } catch (thrown) {
          throw asLost(thrown);
        } finally {
          answered();
        }
      },
    });
  }

  /** Counts a call. @returns what to call with its answer */
  #await(): () => void {
    this.#pending++;
    const timer = setTimeout(() => (this.waiting = true), AT_ONCE);
    return () => {
      clearTimeout(timer);
      if (--this.#pending > 0) return;
      this.waiting = false;
      for (const done of this.#onIdle.splice(0)) done();
    };
  }

  /** Resolves when every call has been answered. */
  async idle(): Promise<void> {
    if (this.#pending > 0) await new Promise<void>((done) => this.#onIdle.push(done));
  }

  /**
   * Connects, and reconnects for the life of the page.
   *
   * @param onOpen called after every connect
   */
  async connect(onOpen: () => void): Promise<never> {
    for (let wait = FIRST_WAIT; ; wait = Math.min(wait * 2, LONGEST_WAIT)) {
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
        console.warn('No way to the host yet:', thrown);
        this.state = (await isRefused()) ? 'refused' : 'lost';
      }
      await new Promise((resolve) => setTimeout(resolve, wait));
    }
  }
}

function isStream(answer: unknown): answer is AsyncIterable<unknown> {
  return typeof answer === 'object' && answer !== null && Symbol.asyncIterator in answer;
}

/** What a stream tells; asked for more after its line has closed, it throws errors of its own. */
async function* told(stream: AsyncIterable<unknown>): AsyncGenerator<unknown, void, void> {
  try {
    yield* stream;
  } catch (thrown) {
    throw asLost(thrown);
  }
}

/** What the host itself has not said is the fault of the line. */
function asLost(thrown: unknown): unknown {
  return thrown instanceof ORPCError ? thrown : new ConnectionLostError(thrown);
}

export const [getConnection, setConnection] = createContext<Connection>();
