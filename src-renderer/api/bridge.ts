/** What the desktop's preload script offers the page; absent in a browser. */
export interface Bridge {
  /** A fresh port to the host, over which the contract is spoken. */
  connect(): Promise<MessagePort>;
  /** Where dropped files lie on disk. */
  pathsOf(files: File[]): string[];
}

declare global {
  interface Window {
    perch?: Bridge;
  }
}

export const bridge: Bridge | undefined = globalThis.window?.perch;
