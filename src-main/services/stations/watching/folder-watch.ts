import { stat } from 'node:fs/promises';
import { basename, join, relative, sep } from 'node:path';
import { type FSWatcher, watch } from 'chokidar';
import { type ErrorReport, reportOf } from '../../../common/api/errors.ts';
import { readError } from '../../../files/read.ts';
import { listPieceFiles } from './list-files.ts';
import { isPieceName, isWatchedFolder } from './piece-names.ts';

/** Interval of the lists of a polled folder. */
const POLL_MS = 1000;

/** Interval at which a folder is listed although its changes are reported, because reports may get lost. */
const SAFETY_MS = 60_000;

/** Number of polls after which known files are looked at again: they may have been replaced. */
const POLLS_PER_LOOK = 30;

export interface FolderWatchEvents {
  /** A file appeared or changed. */
  onFile(file: string): void;
  /** The folder is missing or cannot be read, or it can again. */
  onState(error: ErrorReport | undefined): void;
}

/** Reports the files of a folder, and those that appear or change. Survives that the folder is missing for a while. */
export class FolderWatch {
  readonly #folder: string;
  readonly #polling: boolean;
  readonly #events: FolderWatchEvents;
  /** The file system that the folder was on: an unmounted one leaves an empty folder. */
  #device: number | undefined;
  #watcher: FSWatcher | undefined;
  #listed: ReadonlySet<string> = new Set();
  #lists = 0;
  #error: ErrorReport | undefined;
  #timer: NodeJS.Timeout | undefined;
  #listing: Promise<void> | undefined;
  /** Whether another list was asked for while one was made. */
  #isWanted = false;
  #isClosed = false;

  constructor(folder: string, polling: boolean, events: FolderWatchEvents) {
    this.#folder = folder;
    this.#polling = polling;
    this.#events = events;
    this.#next(0);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    await this.#listing;
    await this.#watcher?.close();
  }

  /** Lists the folder soon: it may be missing. */
  look(): void {
    if (this.#listing) this.#isWanted = true;
    else this.#next(0);
  }

  #next(delay: number): void {
    clearTimeout(this.#timer);
    if (this.#isClosed) return;
    this.#timer = setTimeout(() => {
      this.#listing = this.#list().finally(() => {
        this.#listing = undefined;
        const isSoon = this.#polling || this.#isWanted || this.#error !== undefined;
        this.#isWanted = false;
        this.#next(isSoon ? POLL_MS : SAFETY_MS);
      });
    }, delay);
  }

  async #list(): Promise<void> {
    try {
      const { dev } = await stat(this.#folder).catch((cause: unknown) => {
        throw readError(this.#folder, cause);
      });
      this.#device ??= dev;
      if (dev !== this.#device) throw readError(this.#folder, { code: 'ENOENT' });
      // Watches first, so that no file appears between the list and the watch.
      if (!this.#polling) await this.#watch();
      const files = await listPieceFiles(this.#folder);
      if (this.#isClosed) return;
      const all = !this.#polling || this.#lists++ % POLLS_PER_LOOK === 0;
      const wanted = all ? files : files.filter((file) => !this.#listed.has(file));
      this.#listed = new Set(this.#polling ? files : []);
      const found = await Promise.all(wanted.map((file) => this.#timeOf(file)));
      found.sort((a, b) => a.mtimeMs - b.mtimeMs || (a.file < b.file ? -1 : 1));
      this.#setState(undefined);
      for (const { file } of found) this.#events.onFile(file);
    } catch (thrown) {
      await this.#watcher?.close();
      this.#watcher = undefined;
      this.#setState(reportOf(thrown));
    }
  }

  async #timeOf(file: string): Promise<{ file: string; mtimeMs: number }> {
    const found = await stat(join(this.#folder, file)).catch(() => undefined);
    return { file, mtimeMs: found?.mtimeMs ?? 0 };
  }

  async #watch(): Promise<void> {
    if (this.#watcher) return;
    const watcher = watch(this.#folder, {
      ignoreInitial: true,
      followSymlinks: false,
      ignored: (path, stats) => path !== this.#folder && this.#isIgnored(path, stats?.isDirectory()),
    });
    this.#watcher = watcher;
    const note = (path: string) => {
      const file = relative(this.#folder, path).replaceAll(sep, '/');
      if (isPieceName(file)) this.#events.onFile(file);
    };
    watcher.on('add', note).on('change', note);
    // The folder itself went away, or a limit of the system is reached: the next list says so, and finds what was missed.
    watcher.on('error', () => this.look()).on('unlinkDir', (path) => path === this.#folder && this.look());
    await new Promise<void>((resolve) => watcher.once('ready', () => resolve()));
  }

  #isIgnored(path: string, isFolder: boolean | undefined): boolean {
    if (isFolder === undefined) return false;
    return isFolder
      ? !isWatchedFolder(basename(path))
      : !isPieceName(relative(this.#folder, path).replaceAll(sep, '/'));
  }

  #setState(error: ErrorReport | undefined): void {
    if (this.#error?.message === error?.message) return;
    this.#error = error;
    this.#events.onState(error);
  }
}
