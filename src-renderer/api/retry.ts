import { isConnectionLost } from './failures.ts';

/** Milliseconds before a call is made again: a line that is just closing refuses at once. */
const BREATH = 100;

/**
 * Makes a call that may be made twice: where its answer was lost with the connection, it is made again over the next one.
 *
 * @throws what the host answers
 */
export async function retryOnReconnect<Answer>(call: () => Promise<Answer>): Promise<Answer> {
  for (;;) {
    try {
      return await call();
    } catch (thrown) {
      if (!isConnectionLost(thrown)) throw thrown;
      await new Promise((resolve) => setTimeout(resolve, BREATH));
    }
  }
}
