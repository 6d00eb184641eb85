import { Notification, powerSaveBlocker, type BrowserWindow } from 'electron';
import type { Run } from '../../../common/api/runs.ts';
import type { Services } from '../../../services/types.ts';
import { runActivity } from './run-activity.ts';

/**
 * Shows the progress of runs in the task bar, keeps the machine awake meanwhile, and notifies at the end of a run while the
 * window is in the background. Ends with `signal`.
 */
export async function showRunProgress(
  services: Services,
  mainWindow: () => BrowserWindow | undefined,
  signal: AbortSignal,
): Promise<void> {
  let before: readonly Run[] = [];
  let blocker: number | undefined;
  try {
    for await (const event of await services.runs.watch(undefined, signal)) {
      if (event.type !== 'runs') continue;
      const { busy, fraction, ended } = runActivity(before, event.runs);
      before = event.runs;
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
    title: `${dataset?.name ?? 'Dataset'}: run ended`,
    body: failed > 0 ? `${run.total} tasks, ${failed} failed.` : `${run.total} tasks.`,
  });
  notification.on('click', () => {
    window?.show();
    window?.focus();
  });
  notification.show();
}
