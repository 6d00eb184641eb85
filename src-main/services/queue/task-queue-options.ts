import type { Queue as QueueDefinition } from 'pg-boss';

/** A worker that does not renew its task for this long has died. pg-boss allows no less than 10. */
const HEARTBEAT_SECONDS = 10;

/** The longest time for one task, such as an image of gigapixels; pg-boss allows no more than a day. */
const LONGEST_SECONDS = 23 * 3600;

/** How tasks are delivered: again at once if their worker died, and a few times if workers gave them back. */
export const taskQueueOptions = {
  retryLimit: 5,
  retryDelay: 1,
  heartbeatSeconds: HEARTBEAT_SECONDS,
  expireInSeconds: LONGEST_SECONDS,
  // Results are in the host's store, so the queue forgets ended tasks soon.
  deleteAfterSeconds: 300,
  retentionSeconds: 7 * 24 * 3600,
  notify: true,
} satisfies Omit<QueueDefinition, 'name'>;

/** The queue of tasks that no worker could do. */
export function deadLetterQueueOf(host: string): string {
  return `perch-abandoned-${host}`;
}
