import type { ErrorReport } from '../../src-main/common/api/errors.ts';
import { toErrorReport, isConnectionLost } from './failures.ts';

/**
 * Consumes a stream from the host to its end. A lost connection ends it silently, because the window shows
 * that once for all streams. Open the stream again with the next connection.
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
