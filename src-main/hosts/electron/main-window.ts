import { BrowserWindow } from 'electron';
import { pageAddress } from './rules.ts';

export interface PageOptions {
  /** The built preload script. */
  preload: string;
  /** PNG for the task bar, where the platform takes it from the window. */
  icon: string;
  /** Whether the inspector can be opened. */
  developing: boolean;
}

/** Preferences of every page: it is sandboxed and reaches nothing but what its preload script offers. */
export function pagePreferences({ preload, developing }: PageOptions): Electron.WebPreferences {
  return {
    preload,
    // Rules 2 to 4 of Electron's security checklist.
    nodeIntegration: false,
    nodeIntegrationInWorker: false,
    nodeIntegrationInSubFrames: false,
    contextIsolation: true,
    sandbox: true,
    // Rules 6, 8 and 9; rule 10 is kept by naming no Blink features at all.
    webSecurity: true,
    allowRunningInsecureContent: false,
    experimentalFeatures: false,
    // Rules 11 to 13.
    webviewTag: false,
    navigateOnDragDrop: false,
    spellcheck: false,
    devTools: developing,
  };
}

/**
 * Makes the main window. Electron restores its bounds, its display, and whether it was maximized or full screen. It is shown
 * when it is painted; load it with `pageAddress`.
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

/** Loads the page. @throws where it cannot be loaded, or the window was closed meanwhile */
export async function loadPage(window: BrowserWindow, hash = ''): Promise<void> {
  await window.loadURL(pageAddress + hash);
}
