/** A command from the host to the page. */
export type Command =
  | { type: 'import'; kind: 'files' | 'folder' }
  /** Paths that the user opened from the command line, the desktop or a file manager. */
  | { type: 'open'; paths: string[] }
  | { type: 'open-dataset'; dataset: number }
  | { type: 'shortcuts' }
  | { type: 'display' };

/**
 * What the page does with unsaved changes before its window closes: `flush` saves what needs no input,
 * `save` asks the user for missing input (a name, a choice in a conflict), `discard` drops all changes.
 */
export type UnsavedAction = 'flush' | 'save' | 'discard';

/** A change that is not on disk. */
export interface UnsavedChange {
  /** The unsaved item, as the subject of a sentence: "The mask of 003.png". */
  title: string;
  /** Why it is not saved, as a sentence. */
  reason: string;
}

/** The API of the preload script, available to the page as `window.perch`. */
export interface DesktopBridge {
  /**
   * Requests a new port. It arrives as a `message` event of the window, from the window itself, whose `data` is
   * `"perch:port"` and whose `ports[0]` is the port (ports do not cross the context bridge any other way).
   */
  requestPort(): void;
  /** Paths of dropped files on disk; an empty string for a file without a path. */
  pathsOf(files: File[]): string[];
  /** Registers a listener for commands of the host. Earlier commands are queued until then. */
  onCommand(listener: (command: Command) => void): void;
  /** Registers a listener that is called before the window closes. The page answers with `answerSettle` and the same number. */
  onSettle(listener: (request: number, action: UnsavedAction) => void): void;
  answerSettle(request: number, unsaved: UnsavedChange[]): void;
}
