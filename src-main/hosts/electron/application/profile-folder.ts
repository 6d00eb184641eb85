import { join } from 'node:path';
import type { App } from 'electron';
import { dataDirectory } from '../../../files/data-dir.ts';

/**
 * Sets the folder of Electron's own files (caches, drafts of the page, preferences): a subfolder of the data directory, apart
 * from the store, as Electron's documentation of `app.getPath('userData')` recommends. `--user-data-dir` takes precedence.
 * Must be called before any path is read.
 */
export function setProfileFolder(app: App): void {
  if (app.commandLine.hasSwitch('user-data-dir')) return;
  app.setPath('userData', join(dataDirectory(), 'desktop'));
}
