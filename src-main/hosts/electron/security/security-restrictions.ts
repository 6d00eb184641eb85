import type { App, Event, Session, WebContents } from 'electron';
import { isAppUrl, isLoadAllowed } from './policy.ts';

/**
 * Restricts everything that a page could do beyond showing itself, whatever page it is.
 *
 * The rule numbers are those of Electron's security checklist (its documentation, "Security"). Rules kept elsewhere:
 * 2 to 4, 6, 8 to 12 in page-preferences.ts; 7 in site.ts; 17 in rules.ts and calls.ts; 18 in rules.ts; 19 in
 * electron-builder.yml; 20 in preload.ts. Rule 15 is kept by never calling `shell.openExternal`, and certificate
 * errors by leaving Electron's refusal as it is.
 */
export class SecurityRestrictions {
  readonly #app: App;

  constructor(app: App) {
    this.#app = app;
  }

  /** To be called before the application is ready: rule 4, every renderer runs in the sandbox. */
  beforeReady(): void {
    // With `--no-sandbox` Chromium's zygote runs without a sandbox already; requiring one then ends every renderer. Systems
    // that refuse user namespaces need that switch (microsoft/vscode#184897). Windows ask for the sandbox by themselves.
    if (!this.#app.commandLine.hasSwitch('no-sandbox')) this.#app.enableSandbox();
    this.#app.on('web-contents-created', (_event, contents) => this.#restrict(contents));
  }

  /** To be called for the session of the window before it loads. */
  restrictSession(session: Session): void {
    // Rule 5: no camera, microphone, location, notifications, devices or anything else is granted or looks granted.
    session.setPermissionRequestHandler((_contents, _permission, answer) => answer(false));
    session.setPermissionCheckHandler(() => false);
    session.setDevicePermissionHandler(() => false);
    // Rule 1: only secure content, here only our own.
    session.webRequest.onBeforeRequest(({ url }, answer) => answer({ cancel: !isLoadAllowed(url) }));
  }

  #restrict(contents: WebContents): void {
    // Rule 13: no navigation, by link, script, redirect or a dropped file, in no frame.
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
