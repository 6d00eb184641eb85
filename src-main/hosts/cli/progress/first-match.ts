import { PerchError } from '../../../common/api/errors.ts';

/**
 * Follows a stream until `match` returns a value for one of its events, then ends the stream.
 *
 * @throws PerchError `CANCELED` if the stream ends first
 */
export async function firstMatch<Event, Match>(
  events: AsyncIterable<Event> | Promise<AsyncIterable<Event>>,
  match: (event: Event) => Match | undefined,
): Promise<Match> {
  for await (const event of await events) {
    const found = match(event);
    if (found !== undefined) return found;
  }
  throw new PerchError('CANCELED', 'Canceled.');
}
