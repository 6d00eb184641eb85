import { reportOf } from '../../common/api/errors.ts';
import type { Diagnostic } from '../../common/api/settings.ts';
import { Queue } from './queue.ts';
import type { QueueSource } from './queue-source.ts';
import { withoutPassword } from './queue-url.ts';
import { listWorkers } from './registry.ts';

/** Connects to the queue and lists its workers. */
export async function diagnoseQueue(source: QueueSource): Promise<Diagnostic> {
  const topic = 'queue';
  let queue: Queue | undefined;
  try {
    const { target } = source;
    if (!target) return { topic, found: 'none is set; runs work on this machine only' };
    queue = await Queue.open(target.url);
    const [{ server }] = await queue.query<{ server: string }>(
      "SELECT current_setting('server_version') AS server",
    );
    const workers = await listWorkers(queue);
    const names = workers.map(({ name, version }) => `${name} (${version})`).join(', ');
    return {
      topic,
      found: `${withoutPassword(target.url)}, PostgreSQL ${server}, ${workers.length === 0 ? 'no workers' : `workers ${names}`}`,
    };
  } catch (thrown) {
    return { topic, found: 'cannot be used', problem: reportOf(thrown).message, optional: true };
  } finally {
    await queue?.close();
  }
}
