/** The few messages between the page's preload script and the main process. Everything else is a call on the port. */
export const channels = {
  /** Page to host, no payload: asks for a port that speaks the contract. */
  connect: 'perch:connect',
  /** Host to page, no payload, one port; the preload script passes it on to the page as a window message. */
  port: 'perch:port',
  /** Host to page: a `Command` that was chosen from the menu. */
  command: 'perch:command',
} as const;

/** What the menu asks of the page. */
export type Command = 'open-files' | 'open-folder';

/** What the preload script offers the page as `window.perch`. */
export interface DesktopBridge {
  /**
   * Asks for a fresh port. It arrives as a `message` event of the window, from the window itself, whose `data` is
   * `"perch:port"` and whose `ports[0]` is the port (ports do not cross the context bridge any other way).
   */
  requestPort(): void;
  /** Where files that were dropped lie on disk; an empty string for one that lies nowhere. */
  pathsOf(files: File[]): string[];
  /** Calls back at each command of the menu, for the life of the page. */
  onCommand(listener: (command: Command) => void): void;
}
