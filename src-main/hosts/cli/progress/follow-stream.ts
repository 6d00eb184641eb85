import { PerchError } from '../../../common/api/errors.ts';
import { createProgressBar } from './progress-bar.ts';

interface Progress {
  type: 'progress';
  done: number;
  total: number;
}

/**
 * Follows a stream to its end with a progress bar.
 *
 * @returns its last event of the given type
 * @throws PerchError `CANCELED` if the stream ends without one
 */
export async function followStream<Event extends { type: string }, Type extends Event['type']>(
  events: AsyncIterable<Event | Progress>,
  type: Type,
): Promise<Extract<Event, { type: Type }>> {
  const bar = await createProgressBar();
  let last: Event | undefined;
  try {
    for await (const event of events) {
      if (event.type === type) last = event as Event;
      if (event.type !== 'progress') continue;
      const { done, total } = event as Progress;
      if (!bar?.isActive) bar?.start(total, done, { name: '' });
      bar?.update(done);
    }
  } finally {
    bar?.stop();
  }
  if (last) return last as Extract<Event, { type: Type }>;
  throw new PerchError('CANCELED', 'Canceled.');
}
