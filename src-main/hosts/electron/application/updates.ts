import type { ApplicationLog } from './log.ts';

/** Checks for an update, downloads it and notifies the user; it is installed on quit. Failures are only logged. */
export async function checkForUpdates(log: ApplicationLog): Promise<void> {
  // Loaded on demand, because updates are off by default.
  const { default: electronUpdater } = await import('electron-updater');
  const { autoUpdater } = electronUpdater;
  autoUpdater.logger = log.host;
  await autoUpdater.checkForUpdatesAndNotify().catch((cause: unknown) => {
    log.host.warn('The check for updates failed:', cause);
  });
}
