import type { WebPreferences } from 'electron';

export interface PageOptions {
  /** The built preload script. */
  preload: string;
  /** PNG for the task bar, where the platform takes it from the window. */
  icon: string;
  /** Whether the inspector can be opened. */
  developing: boolean;
}

/** Preferences of every page: it is sandboxed and reaches nothing but what its preload script offers. */
export function pagePreferences({ preload, developing }: PageOptions): WebPreferences {
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
