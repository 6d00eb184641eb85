import type { App } from './app.ts';
import type { BrowserWindow } from './browser-window.ts';
import type { WebContents } from './web-contents.ts';

/** A menu item's role, as Electron's `lib/browser/api/menu-item-roles.ts` defines it for Linux. */
export interface Role {
  label: string;
  accelerator?: string;
  /** Keys that the page handles itself; the menu only displays them. */
  registerAccelerator?: false;
  submenu?: { role?: string; type?: string }[];
  app?(app: App): void;
  window?(window: BrowserWindow): void;
  page?(contents: WebContents): void;
}

const edit = (
  label: string,
  accelerator: string | undefined,
  page: (contents: WebContents) => void,
): Role => ({
  label,
  ...(accelerator === undefined ? {} : { accelerator }),
  registerAccelerator: false,
  page,
});

export const roles: Record<string, Role> = {
  about: { label: 'About', app: (app) => app.showAboutPanel() },
  quit: { label: 'Quit', accelerator: 'CommandOrControl+Q', app: (app) => app.quit() },
  close: { label: 'Close Window', accelerator: 'CommandOrControl+W', window: (window) => window.close() },
  minimize: { label: 'Minimize', accelerator: 'CommandOrControl+M', window: (window) => window.minimize() },
  zoom: { label: 'Zoom' },
  front: { label: 'Bring All to Front' },
  hide: { label: 'Hide' },
  hideothers: { label: 'Hide Others' },
  unhide: { label: 'Show All' },
  services: { label: 'Services' },
  togglefullscreen: {
    label: 'Toggle Full Screen',
    accelerator: 'F11',
    window: (window) => window.setFullScreen(!window.isFullScreen()),
  },
  reload: { label: 'Reload', accelerator: 'CmdOrCtrl+R', page: (page) => page.reload() },
  forcereload: {
    label: 'Force Reload',
    accelerator: 'Shift+CmdOrCtrl+R',
    page: (page) => page.reloadIgnoringCache(),
  },
  toggledevtools: {
    label: 'Toggle Developer Tools',
    accelerator: 'Ctrl+Shift+I',
    page: (page) => page.toggleDevTools(),
  },
  resetzoom: {
    label: 'Actual Size',
    accelerator: 'CommandOrControl+0',
    page: (page) => page.setZoomLevel(0),
  },
  zoomin: {
    label: 'Zoom In',
    accelerator: 'CommandOrControl+Plus',
    page: (page) => page.setZoomLevel(page.getZoomLevel() + 0.5),
  },
  zoomout: {
    label: 'Zoom Out',
    accelerator: 'CommandOrControl+-',
    page: (page) => page.setZoomLevel(page.getZoomLevel() - 0.5),
  },
  undo: edit('Undo', 'CommandOrControl+Z', (page) => page.undo()),
  redo: edit('Redo', 'Shift+CommandOrControl+Z', (page) => page.redo()),
  cut: edit('Cut', 'CommandOrControl+X', (page) => page.cut()),
  copy: edit('Copy', 'CommandOrControl+C', (page) => page.copy()),
  paste: edit('Paste', 'CommandOrControl+V', (page) => page.paste()),
  pasteandmatchstyle: edit('Paste and Match Style', 'Shift+CommandOrControl+V', (page) => page.paste()),
  delete: edit('Delete', undefined, (page) => page.delete()),
  selectall: edit('Select All', 'CommandOrControl+A', (page) => page.selectAll()),
  help: { label: 'Help' },
  editmenu: {
    label: 'Edit',
    submenu: [
      { role: 'undo' },
      { role: 'redo' },
      { type: 'separator' },
      { role: 'cut' },
      { role: 'copy' },
      { role: 'paste' },
      { role: 'delete' },
      { type: 'separator' },
      { role: 'selectAll' },
    ],
  },
  filemenu: { label: 'File', submenu: [{ role: 'quit' }] },
  viewmenu: {
    label: 'View',
    submenu: [
      { role: 'reload' },
      { role: 'forceReload' },
      { role: 'toggleDevTools' },
      { type: 'separator' },
      { role: 'resetZoom' },
      { role: 'zoomIn' },
      { role: 'zoomOut' },
      { type: 'separator' },
      { role: 'togglefullscreen' },
    ],
  },
  windowmenu: { label: 'Window', submenu: [{ role: 'minimize' }, { role: 'zoom' }, { role: 'close' }] },
  appmenu: { label: 'Perch', submenu: [{ role: 'about' }, { type: 'separator' }, { role: 'quit' }] },
};
