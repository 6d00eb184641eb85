import { dialog, type BrowserWindow } from 'electron';
import type { ApplicationLog } from '../application/log.ts';

/** After this many crashes within the period, the dialog suggests a remedy. */
const MAX_CRASHES = 3;
const PERIOD_MS = 5 * 60_000;

/** Offers to reload a page that crashed or does not respond. The page keeps unsaved masks as drafts. */
export function handlePageFailures(window: BrowserWindow, log: ApplicationLog): void {
  const page = window.webContents;
  const crashes: number[] = [];
  page.on('console-message', ({ level, message, sourceId, lineNumber }) => {
    if (level === 'error') log.page.error(message, `(${sourceId}:${lineNumber})`);
    else if (level === 'warning') log.page.warn(message);
  });
  page.on('render-process-gone', (_event, { reason, exitCode }) => {
    if (reason === 'clean-exit') return;
    log.page.error(`The page crashed (${reason}, exit code ${exitCode}).`);
    crashes.push(Date.now());
    const recent = crashes.filter((time) => time > Date.now() - PERIOD_MS).length;
    void offerReload(window, recent >= MAX_CRASHES);
  });
  let asking = false;
  window.on('unresponsive', () => {
    log.page.warn('The page is not responding.');
    if (asking) return;
    asking = true;
    void offerToWait(window).finally(() => (asking = false));
  });
}

async function offerReload(window: BrowserWindow, repeatedly: boolean): Promise<void> {
  const { response } = await dialog.showMessageBox(window, {
    type: 'error',
    message: 'The Perch window has stopped working.',
    detail: repeatedly
      ? 'This has happened several times. If it continues, start Perch with --disable-gpu, and see Help > Show Logs.'
      : 'Saved changes are safe. A mask that was being drawn will be restored as a draft.',
    buttons: ['Reload', 'Close Window'],
    defaultId: 0,
    cancelId: 0,
  });
  if (window.isDestroyed()) return;
  if (response === 0) window.reload();
  else window.close();
}

async function offerToWait(window: BrowserWindow): Promise<void> {
  const { response } = await dialog.showMessageBox(window, {
    type: 'warning',
    message: 'Perch is not responding.',
    detail: 'You can wait or reload the window. A mask that was being drawn will be restored as a draft.',
    buttons: ['Wait', 'Reload'],
    defaultId: 0,
    cancelId: 0,
  });
  if (response !== 1 || window.isDestroyed()) return;
  // A page that hangs cannot reload until its process has ended.
  window.webContents.forcefullyCrashRenderer();
  window.reload();
}
