import { PerchError } from '../../../common/api/errors.ts';
import type { Run } from '../../../common/api/runs.ts';
import type { Services } from '../../../services/types.ts';
import { withHint } from '../output/hint-text.ts';
import { printError } from '../output/print.ts';
import { createProgressBar } from './progress-bar.ts';
import { firstMatch } from './first-match.ts';

/**
 * Follows a run of this process with a progress bar until it ends or is paused, and prints each failure with its reason, and why
 * workers do not proceed.
 *
 * @param onInterrupt what happens to the run when `signal` aborts; finished results are kept
 * @throws PerchError `CANCELED` after `signal` aborts, `STORE_BUSY` if another process owns the run, and
 * store errors
 */
export async function watchRun(
  runs: Services['runs'],
  run: Run,
  onInterrupt: 'pause' | 'cancel',
  signal: AbortSignal,
): Promise<Run> {
  const bar = await createProgressBar();
  bar?.start(run.total, finished(run), { name: '' });
  let obstacle: string | null = null;
  try {
    return await firstMatch(runs.watch(undefined, signal), (event) => {
      if (event.type === 'halted') {
        const { code, message } = event.error;
        throw new PerchError(code, `${message} Then resume the run with \`perch runs resume ${run.id}\`.`);
      }
      if (event.type === 'failed' && event.item.run === run.id) {
        const { imageName, error } = event.item;
        process.stderr.write(`${imageName}: ${error ? withHint(error) : 'failed'}\n`);
      }
      const current = event.type === 'runs' ? event.runs.find(({ id }) => id === run.id) : undefined;
      if (current?.heldBy) throw new PerchError('STORE_BUSY', current.heldBy);
      if (current?.obstacle && current.obstacle !== obstacle) printError(current.obstacle);
      obstacle = current?.obstacle ?? obstacle;
      if (current) bar?.update(finished(current), { name: formatRate(current) });
      return current && ENDED.has(current.state) ? current : undefined;
    });
  } catch (thrown) {
    if (!signal.aborted) throw thrown;
    await runs[onInterrupt]({ run: run.id }, new AbortController().signal);
    const message = { pause: `Paused. Resume it with \`perch runs resume ${run.id}\`.`, cancel: 'Canceled.' };
    throw new PerchError('CANCELED', message[onInterrupt], thrown);
  } finally {
    bar?.stop();
  }
}

const ENDED: ReadonlySet<Run['state']> = new Set(['done', 'canceled', 'paused']);

const finished = ({ counts }: Run) => counts.done + counts.failed + counts.canceled;

/** "2.4 images/s, CPU, AVX-512, 2 threads" */
function formatRate({ rate, device }: Run): string {
  return [...(rate === null ? [] : [`${Number(rate.toPrecision(2))} images/s`]), device].join(', ');
}
