import { dialog, type BrowserWindow } from 'electron';
import type { ApplicationLog } from '../application/log.ts';

/** A page that stopped this often within the span is not loaded again without a warning. */
const CRASHES = 3;
const SPAN_MS = 5 * 60_000;

/** Offers a way out where a page crashed or does not respond. What it had not saved is kept by the page as a draft. */
export function handlePageFailures(window: BrowserWindow, log: ApplicationLog): void {
  const page = window.webContents;
  const crashes: number[] = [];
  page.on('console-message', ({ level, message, sourceId, lineNumber }) => {
    if (level === 'error') log.page.error(message, `(${sourceId}:${lineNumber})`);
    else if (level === 'warning') log.page.warn(message);
  });
  page.on('render-process-gone', (_event, { reason, exitCode }) => {
    if (reason === 'clean-exit') return;
    log.page.error(`The page stopped (${reason}, exit code ${exitCode}).`);
    crashes.push(Date.now());
    const recent = crashes.filter((time) => time > Date.now() - SPAN_MS).length;
    void offerReload(window, recent >= CRASHES);
  });
  let asking = false;
  window.on('unresponsive', () => {
    log.page.warn('The page does not respond.');
    if (asking) return;
    asking = true;
    void offerToWait(window).finally(() => (asking = false));
  });
}

async function offerReload(window: BrowserWindow, repeatedly: boolean): Promise<void> {
  const { response } = await dialog.showMessageBox(window, {
    type: 'error',
    message: 'The page of Perch stopped working.',
    detail: repeatedly
      ? 'This has happened several times. If it continues, start Perch with --disable-gpu and see Help > Show Logs.'
      : 'Everything that was saved is safe. A mask that was being drawn is restored as a draft.',
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
    message: 'Perch does not respond.',
    detail: 'You can wait, or reload the page. A mask that was being drawn is restored as a draft.',
    buttons: ['Wait', 'Reload'],
    defaultId: 0,
    cancelId: 0,
  });
  if (response !== 1 || window.isDestroyed()) return;
  // A page that hangs takes no reload: its process has to end first.
  window.webContents.forcefullyCrashRenderer();
  window.reload();
}
