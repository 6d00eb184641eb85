import type { ApplicationLog } from './log.ts';

/** Looks for a newer version, downloads it, and notifies; it is installed at the next quit. A failure is logged only. */
export async function checkForUpdates(log: ApplicationLog): Promise<void> {
  // Loaded only here: most people never turn updates on.
  const { default: electronUpdater } = await import('electron-updater');
  const { autoUpdater } = electronUpdater;
  autoUpdater.logger = log.host;
  await autoUpdater.checkForUpdatesAndNotify().catch((cause: unknown) => {
    log.host.warn('Looking for a newer version failed:', cause);
  });
}
