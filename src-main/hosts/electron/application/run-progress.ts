import { Notification, powerSaveBlocker, type BrowserWindow } from 'electron';
import type { Run } from '../../../common/api/runs.ts';
import type { Services } from '../../../services/types.ts';
import { runActivity } from './run-activity.ts';

/**
 * Shows the progress of runs in the task bar, keeps the machine awake while they run, and shows a notification when one
 * completes in the background. Stops when `signal` aborts.
 */
export async function showRunProgress(
  services: Services,
  mainWindow: () => BrowserWindow | undefined,
  signal: AbortSignal,
): Promise<void> {
  let previous: readonly Run[] = [];
  let blocker: number | undefined;
  try {
    for await (const event of await services.runs.watch(undefined, signal)) {
      if (event.type !== 'runs') continue;
      const { busy, fraction, ended } = runActivity(previous, event.runs);
      previous = event.runs;
      mainWindow()?.setProgressBar(busy ? fraction : -1);
      if (busy && blocker === undefined) blocker = powerSaveBlocker.start('prevent-app-suspension');
      if (!busy && blocker !== undefined) {
        powerSaveBlocker.stop(blocker);
        blocker = undefined;
      }
      for (const run of ended) await notify(run, services, mainWindow(), signal);
    }
  } finally {
    if (blocker !== undefined) powerSaveBlocker.stop(blocker);
  }
}

async function notify(
  run: Run,
  services: Services,
  window: BrowserWindow | undefined,
  signal: AbortSignal,
): Promise<void> {
  if (window?.isFocused() || !Notification.isSupported()) return;
  const { failed } = run.counts;
  const { datasets } = await services.datasets.list(undefined, signal);
  const dataset = datasets.find(({ id }) => id === run.dataset);
  const notification = new Notification({
    title: `${dataset?.name ?? 'Dataset'}: Run Complete`,
    body: failed > 0 ? `${run.total} items, ${failed} failed` : `${run.total} items`,
  });
  notification.on('click', () => {
    window?.show();
    window?.focus();
  });
  notification.show();
}
