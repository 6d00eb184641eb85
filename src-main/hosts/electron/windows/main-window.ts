import { BrowserWindow } from 'electron';
import { pagePreferences, type PageOptions } from './page-preferences.ts';
import { appUrl } from '../security/policy.ts';

/**
 * Creates the main window. Electron restores its bounds, its display, and whether it was maximized or full screen. It appears
 * after its first paint.
 */
export function createMainWindow(options: PageOptions): BrowserWindow {
  const window = new BrowserWindow({
    name: 'main',
    windowStatePersistence: true,
    width: 1440,
    height: 900,
    minWidth: 800,
    minHeight: 500,
    title: 'Perch',
    icon: options.icon,
    show: false,
    backgroundColor: '#181818',
    webPreferences: pagePreferences(options),
  });
  window.once('ready-to-show', () => window.show());
  return window;
}

/**
 * Loads the page.
 *
 * @throws if it cannot be loaded, but not if the window is closed in the meantime, which aborts loading
 */
export async function loadPage(window: BrowserWindow, hash = ''): Promise<void> {
  await window.loadURL(appUrl + hash).catch((thrown: unknown) => {
    const isAborted = thrown instanceof Error && 'code' in thrown && thrown.code === 'ERR_ABORTED';
    if (!isAborted && !window.isDestroyed()) throw thrown;
  });
}
