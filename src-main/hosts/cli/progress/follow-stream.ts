import { PerchError } from '../../../common/api/errors.ts';
import { progressBar } from './progress-bar.ts';

/** So far of how many. */
interface Progress {
  type: 'progress';
  done: number;
  total: number;
}

/** Follows a stream with a bar to its last event. @throws PerchError `CANCELED` where it ends before */
export async function lastOf<Event extends { type: string }, Type extends Event['type']>(
  events: AsyncIterable<Event | Progress>,
  type: Type,
): Promise<Extract<Event, { type: Type }>> {
  const bar = await progressBar();
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
