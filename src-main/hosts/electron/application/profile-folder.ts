import { join } from 'node:path';
import type { App } from 'electron';
import { dataDirectory } from '../../../files/data-dir.ts';

/**
 * Places what Electron itself writes (caches, drafts of the page, preferences) in a folder of its own below the user's data, not
 * among the files of the store: Electron's documentation (app.getPath, `userData`) asks for that. `--user-data-dir` wins.
 * To be called before anything asks for a path.
 */
export function setProfileFolder(app: App): void {
  if (app.commandLine.hasSwitch('user-data-dir')) return;
  app.setPath('userData', join(dataDirectory(), 'desktop'));
}
