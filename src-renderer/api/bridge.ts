/** What the desktop's menu asks of the page. */
export type Command = 'open-files' | 'open-folder';

/** What the desktop's preload script offers the page as `window.perch`; absent in a browser. */
export interface Bridge {
  /** Asks for a fresh port to the host, which arrives as a message of the window. */
  requestPort(): void;
  /** Where dropped files lie on disk; an empty string for one that lies nowhere. */
  pathsOf(files: File[]): string[];
  /** Calls back at each command of the menu, for the life of the page. */
  onCommand(listener: (command: Command) => void): void;
}

declare global {
  interface Window {
    perch?: Bridge;
  }
}

const PORT_MESSAGE = 'perch:port';

export const bridge: Bridge | undefined = globalThis.window?.perch;

/** A fresh port over which the contract is spoken. */
export async function portFrom(desktop: Bridge): Promise<MessagePort> {
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
