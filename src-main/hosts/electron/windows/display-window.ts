import { BrowserWindow, screen } from 'electron';
import { pagePreferences, type PageOptions } from './page-preferences.ts';
import { appUrl } from '../security/policy.ts';

/**
 * Opens the second window, which shows the main window's image, full screen on another display if there is
 * one. The pages synchronize themselves (`src-renderer/display`).
 */
export async function openDisplayWindow(
  main: BrowserWindow,
  source: string,
  options: PageOptions,
): Promise<BrowserWindow> {
  const mainDisplay = screen.getDisplayMatching(main.getBounds());
  const other = screen.getAllDisplays().find(({ id }) => id !== mainDisplay.id);
  const window = new BrowserWindow({
    width: 960,
    height: 720,
    minWidth: 320,
    minHeight: 240,
    title: 'Perch – Display',
    icon: options.icon,
    show: false,
    backgroundColor: '#000000',
    webPreferences: pagePreferences(options),
  });
  if (other) window.setBounds(other.workArea);
  window.once('ready-to-show', () => {
    window.show();
    if (other) window.setFullScreen(true);
  });
  main.once('closed', () => {
    if (!window.isDestroyed()) window.close();
  });
  await window.loadURL(`${appUrl}#/display?source=${source}`);
  return window;
}
