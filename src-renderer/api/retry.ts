import { isConnectionLost } from './failures.ts';

/** Delay before a retry, because a closing connection rejects calls immediately. */
const RETRY_MS = 100;

/**
 * Makes an idempotent call, and repeats it after a reconnect if its response was lost.
 *
 * @throws errors of the host
 */
export async function retryOnReconnect<Answer>(call: () => Promise<Answer>): Promise<Answer> {
  for (;;) {
    try {
      return await call();
    } catch (thrown) {
      if (!isConnectionLost(thrown)) throw thrown;
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    }
  }
}
