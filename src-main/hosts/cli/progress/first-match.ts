import { PerchError } from '../../../common/api/errors.ts';

/** The first answer that `find` gives to the events of a stream, which is ended then. @throws PerchError `CANCELED` where it ends before */
export async function until<Event, Found>(
  events: AsyncIterable<Event> | Promise<AsyncIterable<Event>>,
  find: (event: Event) => Found | undefined,
): Promise<Found> {
  for await (const event of await events) {
    const found = find(event);
    if (found !== undefined) return found;
  }
  throw new PerchError('CANCELED', 'Canceled.');
}
