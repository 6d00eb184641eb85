import { EventEmitter } from 'node:events';
import type { App, Session } from 'electron';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { SecurityRestrictions } from './security-restrictions.ts';

type Answer = (answer: unknown) => void;

class FakeContents extends EventEmitter {
  openWindow: ((details: { url: string }) => unknown) | undefined;
  setWindowOpenHandler(handler: (details: { url: string }) => unknown) {
    this.openWindow = handler;
  }
}

class FakeSession {
  permissionRequest: ((contents: unknown, permission: string, answer: Answer) => void) | undefined;
  permissionCheck: (() => boolean) | undefined;
  device: (() => boolean) | undefined;
  beforeRequest: ((request: { url: string }, answer: Answer) => void) | undefined;
  setPermissionRequestHandler = (handler: typeof this.permissionRequest) =>
    (this.permissionRequest = handler);
  setPermissionCheckHandler = (handler: typeof this.permissionCheck) => (this.permissionCheck = handler);
  setDevicePermissionHandler = (handler: typeof this.device) => (this.device = handler);
  webRequest = { onBeforeRequest: (handler: typeof this.beforeRequest) => (this.beforeRequest = handler) };
}

const switches = new Set<string>();
const commandLine = { hasSwitch: (name: string) => switches.has(name) };
const app = Object.assign(new EventEmitter(), { enableSandbox: vi.fn(), commandLine });
let contents: FakeContents;
let session: FakeSession;

beforeEach(() => {
  app.removeAllListeners();
  app.enableSandbox.mockClear();
  contents = new FakeContents();
  session = new FakeSession();
  const restrictions = new SecurityRestrictions(app as unknown as App);
  restrictions.beforeReady();
  restrictions.restrictSession(session as unknown as Session);
  app.emit('web-contents-created', {}, contents);
});

/** Whether an event was prevented. */
function prevented(event: string, url: string): boolean {
  const preventDefault = vi.fn();
  contents.emit(event, { url, preventDefault });
  return preventDefault.mock.calls.length > 0;
}

describe('every page', () => {
  it('does not require the sandbox with --no-sandbox', () => {
    app.enableSandbox.mockClear();
    switches.add('no-sandbox');
    new SecurityRestrictions(app as unknown as App).beforeReady();
    switches.clear();
    expect(app.enableSandbox).not.toHaveBeenCalled();
  });

  it('runs in the sandbox', () => expect(app.enableSandbox).toHaveBeenCalledOnce());

  it.each(['will-navigate', 'will-frame-navigate', 'will-redirect'])(
    'does not navigate away (%s)',
    (event) => {
      expect(prevented(event, 'https://evil.example/')).toBe(true);
      expect(prevented(event, 'file:///etc/passwd')).toBe(true);
      expect(prevented(event, 'perch://app/')).toBe(false);
    },
  );

  it('opens no windows, not even of the application', () => {
    expect(contents.openWindow?.({ url: 'perch://app/' })).toEqual({ action: 'deny' });
  });

  it('attaches no web views', () => expect(prevented('will-attach-webview', 'perch://app/')).toBe(true));

  it.each(['media', 'geolocation', 'notifications', 'hid', 'openExternal'])(
    'is not granted %s',
    (permission) => {
      const answer = vi.fn();
      session.permissionRequest?.(contents, permission, answer);
      expect(answer.mock.calls).toEqual([[false]]);
      expect(session.permissionCheck?.()).toBe(false);
      expect(session.device?.()).toBe(false);
    },
  );

  it('loads from its own origin only', () => {
    const answer = vi.fn();
    for (const url of ['perch://app/index.html', 'https://evil.example/a.js'])
      session.beforeRequest?.({ url }, answer);
    expect(answer.mock.calls).toEqual([[{ cancel: false }], [{ cancel: true }]]);
  });
});
