import type { ErrorReport } from '../../src-main/common/api/errors.ts';
import { toErrorReport, isConnectionLost } from './failures.ts';

/**
 * Takes what the host tells until it has no more to tell. A lost connection ends it without a word: that is shown for all
 * streams at once, and whoever follows starts anew with the next connection.
 */
export async function consumeStream<Event>(
  opened: Promise<AsyncIterable<Event>>,
  take: (event: Event) => void | Promise<void>,
  onFailure: (failure: ErrorReport) => void,
): Promise<void> {
  try {
    for await (const event of await opened) await take(event);
  } catch (thrown) {
    if (!isConnectionLost(thrown)) onFailure(toErrorReport(thrown));
  }
}
