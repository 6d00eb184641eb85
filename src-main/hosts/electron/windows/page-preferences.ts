import type { WebPreferences } from 'electron';

export interface PageOptions {
  /** The built preload script. */
  preload: string;
  /** PNG for the task bar, on platforms that take it from the window. */
  icon: string;
  /** Whether developer tools can be opened. */
  developing: boolean;
}

/** Preferences of every window. */
const restricted: WebPreferences = {
  // Rules 2 to 4 of Electron's security checklist.
  nodeIntegration: false,
  nodeIntegrationInWorker: false,
  nodeIntegrationInSubFrames: false,
  contextIsolation: true,
  sandbox: true,
  // Rules 6, 8 and 9. For rule 10, no Blink features are enabled.
  webSecurity: true,
  allowRunningInsecureContent: false,
  experimentalFeatures: false,
  // Rules 11 to 13.
  webviewTag: false,
  navigateOnDragDrop: false,
  spellcheck: false,
};

/** Preferences of every page: sandboxed, with access only to its preload script's functions. */
export function pagePreferences({ preload, developing }: PageOptions): WebPreferences {
  return { ...restricted, preload, devTools: developing };
}

/** Preferences of a document that is printed: it runs no scripts. */
export const documentPreferences: WebPreferences = { ...restricted, javascript: false, devTools: false };
