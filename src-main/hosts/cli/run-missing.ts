import { PerchError } from '../../api/errors.ts';
import type { Run } from '../../api/runs.ts';
import type { ProviderChoice } from '../../api/schemas.ts';
import type { Services } from '../../services/services.ts';
import { progressBar } from './progress-bar.ts';
import { until } from './until.ts';

/**
 * Inspects the test images of a dataset that have no result of these methods yet, with a bar; what fails is told with its
 * reason. Interrupted, the run is cancelled; results that are there stay.
 *
 * @returns how many inspections failed
 */
export async function runMissing(
  services: Services,
  scope: { dataset: number; methods: number[]; provider: ProviderChoice },
  signal: AbortSignal,
): Promise<number> {
  if (scope.methods.length === 0) return 0;
  const run = await services.runs.start(scope, signal);
  const bar = progressBar();
  bar?.start(run.total, settled(run), { name: '' });
  try {
    const ended = await until(services.runs.watch(undefined, signal), (event) => {
      if (event.type === 'failed' && event.task.run === run.id) {
        process.stderr.write(`${event.task.imageName}: ${event.task.error?.message ?? ''}\n`);
      }
      const now = event.type === 'runs' ? event.runs.find(({ id }) => id === run.id) : undefined;
      if (now?.elsewhere) throw new PerchError('STORE_BUSY', now.elsewhere);
      if (now) bar?.update(settled(now), { name: now.device });
      return now?.state === 'done' || now?.state === 'cancelled' ? now : undefined;
    });
    return ended.counts.failed;
  } catch (thrown) {
    if (signal.aborted) await services.runs.cancel({ run: run.id }, new AbortController().signal);
    throw thrown;
  } finally {
    bar?.stop();
  }
}

const settled = ({ counts }: Run) => counts.done + counts.failed + counts.cancelled;
