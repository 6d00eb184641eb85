import { app } from './app.ts';
import { net } from './net.ts';
import { filterRequests, protocol } from './protocol.ts';
import { Strict, strict } from './strict.ts';

/**
 * `Session`. Headless Chromium denies permissions without asking the handlers; tests call them with `permissionAllowed`.
 */
class Session extends Strict {
  constructor() {
    super(['will-download', 'select-serial-port', 'select-usb-device', 'select-hid-device']);
  }

  readonly protocol = protocol;
  readonly webRequest = strict('session.webRequest', { onBeforeRequest: filterRequests });
  #permissionCheck: ((...args: unknown[]) => boolean) | undefined;

  setPermissionRequestHandler = () => {};
  setPermissionCheckHandler(handler: (...args: unknown[]) => boolean): void {
    this.#permissionCheck = handler;
  }
  setDevicePermissionHandler = () => {};
  getStoragePath = () => app.getPath('sessionData');
  fetch = net.fetch;

  permissionAllowed = (permission: string) => this.#permissionCheck?.(null, permission, '', {}) ?? true;
}

let defaultSession: Session | undefined;

/** `session`. */
export const session = strict('session', {
  get defaultSession(): Session {
    if (!app.isReady()) throw new Error('Session can only be received when app is ready');
    return (defaultSession ??= new Session());
  },
});
