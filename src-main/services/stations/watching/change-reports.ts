import { type FSWatcher, watch } from 'node:fs';
import { basename, join } from 'node:path';

/** Changes that come together are reported once: a program writes a file in many steps. */
const BATCH_MS = 20;

/**
 * What the system reports of changes in a folder and those below it. Each folder has a watch of its own: watches of whole trees list
 * folders again at each change (chokidar) or watch each file (Node.js on Linux), and a station's folder has many files.
 */
export class ChangeReports {
  readonly #root: string;
  readonly #onChange: (entry: string) => void;
  readonly #onLost: () => void;
  readonly #watchers = new Map<string, FSWatcher>();
  readonly #changed = new Set<string>();
  #timer: NodeJS.Timeout | undefined;

  /**
   * @param onChange receives a file or folder that appeared, changed or vanished, relative to the root, with `/`
   * @param onLost is called when changes may not have been reported, or the root vanished
   */
  constructor(root: string, { onChange, onLost }: { onChange(entry: string): void; onLost(): void }) {
    this.#root = root;
    this.#onChange = onChange;
    this.#onLost = onLost;
  }

  /**
   * Watches a folder, unless it is watched.
   *
   * @param folder relative to the root, with `/`; empty for the root
   * @throws the system's error, such as `ENOENT`, or `ENOSPC` if its watches are used up
   */
  add(folder: string): void {
    if (this.#watchers.has(folder)) return;
    const path = join(this.#root, folder);
    const watcher = watch(path, { persistent: false }, (_, name) => {
      if (this.#watchers.get(folder) !== watcher) return;
      if (name === null) this.#onLost();
      else this.#note(folder === '' ? name : `${folder}/${name}`);
      // A folder that vanishes reports its own name.
      if (name !== null && name === basename(path)) this.#lose(folder);
    });
    watcher.on('error', () => this.#lose(folder));
    this.#watchers.set(folder, watcher);
  }

  /** Ends the watches of folders that are not among `folders`. */
  keep(folders: ReadonlySet<string>): void {
    for (const folder of [...this.#watchers.keys()]) if (!folders.has(folder)) this.#end(folder);
  }

  close(): void {
    this.keep(new Set());
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#changed.clear();
  }

  #note(entry: string): void {
    this.#changed.add(entry);
    // Another folder of that name is not watched.
    this.#end(entry);
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      const entries = [...this.#changed];
      this.#changed.clear();
      for (const each of entries) this.#onChange(each);
    }, BATCH_MS).unref();
  }

  #lose(folder: string): void {
    this.#end(folder);
    this.#onLost();
  }

  /** Ends the watches of a folder and of those below it. */
  #end(folder: string): void {
    for (const [path, watcher] of this.#watchers) {
      if (path !== folder && folder !== '' && !path.startsWith(`${folder}/`)) continue;
      watcher.close();
      this.#watchers.delete(path);
    }
  }
}
