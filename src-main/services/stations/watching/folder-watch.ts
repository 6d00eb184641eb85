import { stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { type ErrorReport, reportOf } from '../../../common/api/errors.ts';
import { readError } from '../../../files/read.ts';
import { ChangeReports } from './change-reports.ts';
import { listPieceFiles } from './list-files.ts';
import { isPieceName, isWatchedFolder } from './piece-names.ts';

/** Interval of the lists of a polled folder. */
const POLL_MS = 1000;

/** Interval at which a folder is listed although its changes are reported, because reports may get lost. */
const SAFETY_MS = 60_000;

/** Number of polls after which known files are looked at again: they may have been replaced. */
const POLLS_PER_LOOK = 30;

/** Errors of a system that has no watch left. */
const NO_WATCHES: ReadonlySet<unknown> = new Set(['ENOSPC', 'EMFILE', 'ENFILE']);

export interface FolderWatchEvents {
  /** A file appeared or changed. */
  onFile(file: string): void;
  /** The folder is missing or cannot be read, or it can again. */
  onState(error: ErrorReport | undefined): void;
}

interface Listed {
  file: string;
  mtimeMs: number;
  bytes: number;
}

/** Reports the files of a folder, and those that appear or change. Survives that the folder is missing for a while. */
export class FolderWatch {
  readonly #folder: string;
  readonly #events: FolderWatchEvents;
  readonly #reports: ChangeReports;
  #polling: boolean;
  /** The file system that the folder was on: an unmounted one leaves an empty folder. */
  #device: number | undefined;
  #inode: number | undefined;
  #listed: ReadonlyMap<string, Listed> = new Map();
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
    this.#reports = new ChangeReports(folder, {
      onChange: (entry) => void this.#note(entry),
      onLost: () => this.look(),
    });
    this.#next(0);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    this.#reports.close();
    await this.#listing;
    this.#reports.close();
  }

  /** Whether the folder is there, on the file system that it was on. */
  async isThere(): Promise<boolean> {
    const { dev } = await stat(this.#folder).catch(() => ({ dev: undefined }));
    return this.#error === undefined && dev !== undefined && dev === this.#device;
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
      const { dev, ino } = await stat(this.#folder).catch((cause: unknown) => {
        throw readError(this.#folder, cause);
      });
      this.#device ??= dev;
      if (dev !== this.#device) throw readError(this.#folder, { code: 'ENOENT' });
      if (ino !== this.#inode) this.#reports.close();
      this.#inode = ino;
      const folders = new Set<string>();
      const files = await listPieceFiles(this.#folder, (below) => {
        folders.add(below);
        this.#watch(below);
      });
      this.#reports.keep(folders);
      const found = await this.#findChanged(files);
      if (this.#isClosed) return;
      this.#setState(undefined);
      for (const { file } of found) this.#events.onFile(file);
    } catch (thrown) {
      this.#reports.close();
      this.#setState(reportOf(thrown));
    }
  }

  /** Watches a folder before it is listed, so that no file appears between. */
  #watch(below: string): void {
    if (this.#polling || this.#isClosed) return;
    try {
      this.#reports.add(below);
    } catch (cause) {
      if (NO_WATCHES.has((cause as NodeJS.ErrnoException).code)) this.#polling = true;
      else if (below === '') throw readError(this.#folder, cause);
    }
  }

  /** The listed files that are new, or that changed since the last list, in order of time. */
  async #findChanged(files: readonly string[]): Promise<Listed[]> {
    const all = !this.#polling || this.#lists++ % POLLS_PER_LOOK === 0;
    const former = this.#listed;
    const listed = await Promise.all(
      files.map(async (file) => (all ? undefined : former.get(file)) ?? (await this.#describe(file))),
    );
    this.#listed = new Map(listed.map((each) => [each.file, each]));
    return listed
      .filter((each) => {
        const known = former.get(each.file);
        return known?.mtimeMs !== each.mtimeMs || known.bytes !== each.bytes;
      })
      .sort((a, b) => a.mtimeMs - b.mtimeMs || (a.file < b.file ? -1 : 1));
  }

  async #describe(file: string): Promise<Listed> {
    const found = await stat(join(this.#folder, file)).catch(() => undefined);
    return { file, mtimeMs: found?.mtimeMs ?? 0, bytes: found?.size ?? -1 };
  }

  /** A file changed, or a folder, whose files are then listed. */
  async #note(entry: string): Promise<void> {
    if (isPieceName(entry)) return this.#events.onFile(entry);
    if (!isWatchedFolder(basename(entry))) return;
    const found = await stat(join(this.#folder, entry)).catch(() => undefined);
    if (found?.isDirectory()) this.look();
  }

  #setState(error: ErrorReport | undefined): void {
    if (this.#error?.message === error?.message) return;
    this.#error = error;
    this.#events.onState(error);
  }
}
