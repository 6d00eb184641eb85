import type { MenuItemConstructorOptions } from 'electron';
import type { Command } from './channels.ts';

/**
 * The application menu.
 *
 * @param developing whether the inspector and reload are offered
 * @param send hands a command to the page
 */
export function menuTemplate(
  platform: NodeJS.Platform,
  developing: boolean,
  send: (command: Command) => void,
): MenuItemConstructorOptions[] {
  const mac = platform === 'darwin';
  const open: MenuItemConstructorOptions[] = [
    { label: 'Open Files…', accelerator: 'CmdOrCtrl+O', click: () => send('open-files') },
    { label: 'Open Folder…', accelerator: 'CmdOrCtrl+Shift+O', click: () => send('open-folder') },
  ];
  const inspect: MenuItemConstructorOptions[] = [
    { type: 'separator' },
    { role: 'reload' },
    { role: 'toggleDevTools' },
  ];
  return [
    ...(mac ? [{ role: 'appMenu' } as const] : []),
    { label: '&File', submenu: [...open, { type: 'separator' }, { role: mac ? 'close' : 'quit' }] },
    { role: 'editMenu' },
    {
      label: '&View',
      submenu: [
        { role: 'resetZoom' },
        { role: 'zoomIn' },
        { role: 'zoomOut' },
        { type: 'separator' },
        { role: 'togglefullscreen' },
        ...(developing ? inspect : []),
      ],
    },
    ...(mac ? [{ role: 'windowMenu' } as const] : []),
  ];
}
