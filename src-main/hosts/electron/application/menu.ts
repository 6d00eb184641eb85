import type { MenuItemConstructorOptions } from 'electron';
import type { PreferenceValues } from './preferences.ts';

export interface MenuActions {
  import(kind: 'files' | 'folder'): void;
  openDataset(id: number): void;
  openDisplay(): void;
  setHardwareAcceleration(on: boolean): void;
  showShortcuts(): void;
  showLogs(): void;
  copyDiagnostics(): void;
  showLicenses(): void;
  setUpdates(on: boolean): void;
  showAbout(): void;
}

export interface MenuState {
  platform: NodeJS.Platform;
  /** Whether to add developer tools and reload. */
  developing: boolean;
  /** Whether this installation can be updated. */
  updatable: boolean;
  preferences: Readonly<PreferenceValues>;
  /** Recently opened datasets, latest first. */
  recent: readonly { id: number; name: string }[];
}

type Items = MenuItemConstructorOptions[];

const separator: MenuItemConstructorOptions = { type: 'separator' };

/** The application menu. Shortcuts without a modifier belong to the page. */
export function menuTemplate(state: MenuState, actions: MenuActions): Items {
  const mac = state.platform === 'darwin';
  return [
    ...(mac ? [{ role: 'appMenu' } as const] : []),
    { label: '&File', submenu: fileMenu(state, actions) },
    { role: 'editMenu' },
    { label: '&View', submenu: viewMenu(state, actions) },
    ...(mac ? [{ role: 'windowMenu' } as const] : []),
    { label: '&Help', role: 'help', submenu: helpMenu(state, actions) },
  ];
}

function fileMenu({ platform, recent }: MenuState, actions: MenuActions): Items {
  return [
    { label: 'Import Images…', accelerator: 'CmdOrCtrl+O', click: () => actions.import('files') },
    { label: 'Import Folder…', accelerator: 'CmdOrCtrl+Shift+O', click: () => actions.import('folder') },
    {
      label: 'Open Recent',
      enabled: recent.length > 0,
      submenu: recent.map(({ id, name }) => ({ label: name, click: () => actions.openDataset(id) })),
    },
    separator,
    { role: platform === 'darwin' ? 'close' : 'quit' },
  ];
}

function viewMenu({ developing, preferences }: MenuState, actions: MenuActions): Items {
  const developer: Items = [separator, { role: 'reload' }, { role: 'toggleDevTools' }];
  return [
    { label: 'Open Second Window', accelerator: 'CmdOrCtrl+Shift+D', click: () => actions.openDisplay() },
    separator,
    { role: 'resetZoom' },
    { role: 'zoomIn' },
    { role: 'zoomOut' },
    separator,
    { role: 'togglefullscreen' },
    {
      label: 'Use Hardware Acceleration',
      type: 'checkbox',
      checked: preferences.hardwareAcceleration,
      click: ({ checked }) => actions.setHardwareAcceleration(checked),
    },
    ...(developing ? developer : []),
  ];
}

function helpMenu({ platform, updatable, preferences }: MenuState, actions: MenuActions): Items {
  return [
    { label: 'Keyboard Shortcuts', click: () => actions.showShortcuts() },
    separator,
    { label: 'Show Logs', click: () => actions.showLogs() },
    { label: 'Copy Diagnostics', click: () => actions.copyDiagnostics() },
    { label: 'Third-Party Licenses', click: () => actions.showLicenses() },
    ...(updatable
      ? [
          {
            label: 'Check for Updates on Startup',
            type: 'checkbox',
            checked: preferences.updates,
            click: ({ checked }) => actions.setUpdates(checked),
          } as MenuItemConstructorOptions,
        ]
      : []),
    // On macOS, the application menu has this item.
    ...(platform === 'darwin' ? [] : [separator, { label: 'About Perch', click: () => actions.showAbout() }]),
  ];
}
