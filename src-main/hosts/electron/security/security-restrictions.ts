import type { App, Event, Session, WebContents } from 'electron';
import { isAppUrl, isLoadAllowed } from './policy.ts';

/**
 * Restricts what every page can do.
 *
 * The rule numbers are those of Electron's security checklist ("Security" in its documentation). Other rules are implemented
 * elsewhere: 2 to 4, 6 and 8 to 12 in page-preferences.ts, 7 in http-app.ts, 17 in policy.ts and serve-pages.ts, 18 in
 * policy.ts, 19 in electron-builder.yml, 20 in preload.ts. For rule 15, `shell.openExternal` is never called. Certificate
 * errors are rejected, which is Electron's default.
 */
export class SecurityRestrictions {
  readonly #app: App;

  constructor(app: App) {
    this.#app = app;
  }

  /** Must be called before the application is ready. Rule 4: every renderer runs in the sandbox. */
  beforeReady(): void {
    // With `--no-sandbox`, Chromium's zygote has no sandbox, and requiring one would end every renderer. Systems without user
    // namespaces need that switch (microsoft/vscode#184897). Each window requests the sandbox anyway.
    if (!this.#app.commandLine.hasSwitch('no-sandbox')) this.#app.enableSandbox();
    this.#app.on('web-contents-created', (_event, contents) => this.#restrict(contents));
  }

  /** Must be called for a window's session before the window loads. */
  restrictSession(session: Session): void {
    // Rule 5: no permission is granted: camera, microphone, location, notifications, devices, and others.
    session.setPermissionRequestHandler((_contents, _permission, answer) => answer(false));
    session.setPermissionCheckHandler(() => false);
    session.setDevicePermissionHandler(() => false);
    // Rule 1: only secure content, which is Perch's own.
    session.webRequest.onBeforeRequest(({ url }, answer) => answer({ cancel: !isLoadAllowed(url) }));
  }

  #restrict(contents: WebContents): void {
    // Rule 13: no frame navigates away, by link, script, redirect or a dropped file.
    const stay = (event: Event<{ url: string }>) => {
      if (!isAppUrl(event.url)) event.preventDefault();
    };
    contents.on('will-navigate', stay);
    contents.on('will-frame-navigate', stay);
    contents.on('will-redirect', stay);
    // Rule 14: no other windows.
    contents.setWindowOpenHandler(() => ({ action: 'deny' }));
    // Rules 11 and 12: no web views.
    contents.on('will-attach-webview', (event) => event.preventDefault());
  }
}
