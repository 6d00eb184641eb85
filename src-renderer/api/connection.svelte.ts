import { createORPCClient, ORPCError, type ClientContext, type ClientLink } from '@orpc/client';
import type { ContractRouterClient } from '@orpc/contract';
import type { Contract } from '../../src-main/api/contract.ts';
import { LostError } from './failures.ts';
import { isRefused, openLine } from './link.ts';

export type Client = ContractRouterClient<Contract>;

const FIRST_WAIT = 300;
const LONGEST_WAIT = 2000;

/** The way to the host, opened again whenever it is lost. Calls made meanwhile wait for it. */
export class Connection {
  /** `refused`: a host is there, but it was started anew and does not know this window yet. */
  state = $state<'connecting' | 'open' | 'lost' | 'refused'>('connecting');
  /** How often the way has been opened; what failed to load meanwhile is loaded anew with each. */
  openings = $state(0);
  readonly client: Client;
  #opened = Promise.withResolvers<ClientLink<ClientContext>>();
  readonly #onOpen: () => void;

  /** @param onOpen called each time the way has been opened */
  constructor(onOpen: () => void) {
    this.#onOpen = onOpen;
    this.client = createORPCClient({
      call: async (path, input, options) => {
        const link = await this.#opened.promise;
        try {
          return await link.call(path, input, options);
        } catch (thrown) {
          throw thrown instanceof ORPCError ? thrown : new LostError(thrown);
        }
      },
    });
  }

  /** Keeps the way open for the life of the page. */
  async keep(): Promise<never> {
    for (let wait = FIRST_WAIT; ; wait = Math.min(wait * 2, LONGEST_WAIT)) {
      try {
        const { link, closed } = await openLine();
        wait = FIRST_WAIT;
        this.#opened.resolve(link);
        this.state = 'open';
        this.openings++;
        this.#onOpen();
        await closed;
        this.#opened = Promise.withResolvers();
        this.state = 'lost';
      } catch (thrown) {
        console.warn('No way to the host yet:', thrown);
        this.state = (await isRefused()) ? 'refused' : 'lost';
      }
      await new Promise((resolve) => setTimeout(resolve, wait));
    }
  }
}
