/** What the host asks of the page. */
export type Command =
  | { type: 'import'; kind: 'files' | 'folder' }
  /** Paths that a person opened from the command line, the desktop, or a file manager. */
  | { type: 'open'; paths: string[] }
  | { type: 'open-dataset'; dataset: number }
  | { type: 'shortcuts' }
  | { type: 'display' };

/**
 * What the page does with unsaved changes before its window closes: `flush` saves what can be saved without a question,
 * `save` asks the person for what is missing (a name, a choice in a conflict), `discard` drops everything.
 */
export type UnsavedAction = 'flush' | 'save' | 'discard';

/** A change that is not on disk. */
export interface UnsavedChange {
  /** What it is, for a sentence: "The mask of 003.png". */
  title: string;
  /** Why it is not saved, in a sentence. */
  reason: string;
}

/** What the preload script offers the page as `window.perch`. */
export interface DesktopBridge {
  /**
   * Asks for a fresh port. It arrives as a `message` event of the window, from the window itself, whose `data` is
   * `"perch:port"` and whose `ports[0]` is the port (ports do not cross the context bridge any other way).
   */
  requestPort(): void;
  /** Paths of dropped files on disk; an empty string for a file that has none. */
  pathsOf(files: File[]): string[];
  /** Calls back for each command of the host, for the life of the page. Commands given before are kept until then. */
  onCommand(listener: (command: Command) => void): void;
  /** Calls back when the window is about to close; each call is answered by `answerSettle` with the same number. */
  onSettle(listener: (request: number, action: UnsavedAction) => void): void;
  answerSettle(request: number, unsaved: UnsavedChange[]): void;
}
