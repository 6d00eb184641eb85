import { join } from 'node:path';
import { BrowserWindow, dialog, screen } from 'electron';
import { readBounds, writeBounds } from './bounds.ts';
import { pageAddress } from './rules.ts';

export interface WindowOptions {
  /** The built preload script. */
  preload: string;
  /** PNG for the task bar, where the platform takes it from the window. */
  icon: string;
  /** Folder that keeps where the window stood. */
  state: string;
  developing: boolean;
}

/** Opens the window of Perch, where it stood last, and loads the page. */
export async function openWindow({
  preload,
  icon,
  state,
  developing,
}: WindowOptions): Promise<BrowserWindow> {
  const file = join(state, 'window.json');
  const { maximized = false, ...bounds } =
    readBounds(
      file,
      screen.getAllDisplays().map((display) => display.workArea),
    ) ?? {};

  const window = new BrowserWindow({
    width: 1440,
    height: 900,
    ...bounds,
    minWidth: 800,
    minHeight: 500,
    title: 'Perch',
    icon,
    show: false,
    backgroundColor: '#181818',
    webPreferences: {
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
    },
  });

  window.once('ready-to-show', () => {
    if (maximized) window.maximize();
    window.show();
  });
  window.on('close', () => {
    writeBounds(file, { ...window.getNormalBounds(), maximized: window.isMaximized() });
  });
  window.webContents.on('render-process-gone', (_event, { reason }) => {
    if (reason !== 'clean-exit') void offerReload(window);
  });
  await window.loadURL(pageAddress);
  return window;
}

/** What is open and what was found lies with the host, so a page that crashed can be loaded again. */
async function offerReload(window: BrowserWindow): Promise<void> {
  const { response } = await dialog.showMessageBox(window, {
    type: 'error',
    message: 'The page of Perch stopped working.',
    detail: 'Nothing on disk was touched. Images that were open stay open.',
    buttons: ['Load it again', 'Close the window'],
  });
  if (response === 0) window.reload();
  else window.close();
}
