import type { DesktopBridge } from '../../src-main/common/api/desktop.ts';

declare global {
  interface Window {
    perch?: DesktopBridge;
  }
}

const PORT_MESSAGE = 'perch:port';

/** The interface of the desktop's preload script; undefined in a browser. */
export const bridge: DesktopBridge | undefined = globalThis.window?.perch;

/** Requests a message port for the API. */
export async function portFrom(desktop: DesktopBridge): Promise<MessagePort> {
  return await new Promise((resolve) => {
    const receive = (event: MessageEvent) => {
      if (event.source !== window || event.data !== PORT_MESSAGE || !event.ports[0]) return;
      removeEventListener('message', receive);
      resolve(event.ports[0]);
    };
    addEventListener('message', receive);
    desktop.requestPort();
  });
}
