import { PerchError } from '../../../common/api/errors.ts';
import type { Run } from '../../../common/api/runs.ts';
import type { Services } from '../../../services/services.ts';
import { progressBar } from './progress-bar.ts';
import { until } from './first-match.ts';

/**
 * Follows a run of this process with a bar until it has ended or was paused; what fails is told with its reason.
 *
 * @param interrupted what becomes of it when `signal` aborts; results that are there stay
 * @throws PerchError `CANCELED` once `signal` aborted, `STORE_BUSY` where another process works on it, `DISK_FULL` and the like where
 * the store cannot be written
 */
export async function followRun(
  runs: Services['runs'],
  run: Run,
  interrupted: 'pause' | 'cancel',
  signal: AbortSignal,
): Promise<Run> {
  const bar = await progressBar();
  bar?.start(run.total, settled(run), { name: '' });
  try {
    return await until(runs.watch(undefined, signal), (event) => {
      if (event.type === 'halted')
        throw new PerchError(event.error.code, `${event.error.message} Then ${goesOn(run.id)}`);
      if (event.type === 'failed' && event.item.run === run.id) {
        process.stderr.write(`${event.item.imageName}: ${event.item.error?.message ?? ''}\n`);
      }
      const now = event.type === 'runs' ? event.runs.find(({ id }) => id === run.id) : undefined;
      if (now?.elsewhere) throw new PerchError('STORE_BUSY', now.elsewhere);
      if (now) bar?.update(settled(now), { name: pace(now) });
      return now && ENDED.has(now.state) ? now : undefined;
    });
  } catch (thrown) {
    if (!signal.aborted) throw thrown;
    await runs[interrupted]({ run: run.id }, new AbortController().signal);
    const message = { pause: `Paused: ${goesOn(run.id)}`, cancel: 'Canceled.' };
    throw new PerchError('CANCELED', message[interrupted], thrown);
  } finally {
    bar?.stop();
  }
}

const goesOn = (run: number) => `perch runs resume ${run} goes on with it.`;

const ENDED: ReadonlySet<Run['state']> = new Set(['done', 'canceled', 'paused']);

const settled = ({ counts }: Run) => counts.done + counts.failed + counts.canceled;

/** "2.4 a second, CPU, AVX-512, 2 threads" */
function pace({ rate, device }: Run): string {
  return [...(rate === null ? [] : [`${Number(rate.toPrecision(2))} a second`]), device].join(', ');
}
