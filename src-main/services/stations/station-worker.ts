import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type ErrorReport, reportOf } from '../../common/api/errors.ts';
import { isInside } from '../../files/is-inside.ts';
import type { Piece } from '../../common/api/station.ts';
import type { EngineClient } from '../../engine/client/engine-client.ts';
import type { PieceFile } from '../../store/pieces.ts';
import type { StoredStation } from '../../store/stations.ts';
import { decidePiece, readPiece } from './decide-piece.ts';
import { registerArrival } from './register-arrival.ts';
import { removeRecords } from './remove-records.ts';
import { Retries } from './retries.ts';
import {
  settleDecided,
  settleDropped,
  settleDuplicate,
  settleFailed,
  type SettlingContext,
} from './settle-piece.ts';
import { ArrivingFiles, LOCAL_TIMEOUTS, SHARE_TIMEOUTS } from './watching/arriving-files.ts';
import { FolderWatch } from './watching/folder-watch.ts';

/** Errors of the store or of the recipe, which would make every piece fail. The station waits until they are gone. */
const HALTING: ReadonlySet<string> = new Set([
  'DISK_FULL',
  'NOT_WRITABLE',
  'STORE_BUSY',
  'STORE_UNUSABLE',
  'MODEL_MISSING',
  'MODEL_UNUSABLE',
  'UNKNOWN_NAME',
]);

/** Interval of tries while the station is halted. */
const HALT_MS = 2000;

/** How long a piece keeps its place in the order while its file is gone and others arrive: it may be one of them by a new name. */
const RENAME_MS = 1000;
const RENAME_LOOK_MS = 50;

export interface StationEvents {
  /** A piece was settled. */
  piece(piece: Piece): void;
  /** The status has changed. */
  changed(): void;
}

/** Watches the folder of a station that this process has leased, and decides its pieces in order of arrival. */
export class StationWorker {
  readonly station: number;
  readonly #context: SettlingContext & { engine: EngineClient };
  readonly #events: StationEvents;
  readonly #watch: FolderWatch;
  readonly #arriving: ArrivingFiles;
  readonly #stop = new AbortController();
  readonly #retries = new Retries();
  readonly #loop: Promise<void>;
  #wake: () => void = () => {};
  #halted: ErrorReport | undefined;
  #folderError: ErrorReport | undefined;
  /** The last record that was looked at, whether it can be removed. */
  #lookedAt = 0;
  #removing = false;

  constructor(
    station: StoredStation,
    context: SettlingContext & { engine: EngineClient },
    events: StationEvents,
  ) {
    this.station = station.id;
    this.#context = context;
    this.#events = events;
    const timeouts = station.polling ? SHARE_TIMEOUTS : LOCAL_TIMEOUTS;
    const isInOrder = station.rollDirection !== null;
    this.#arriving = new ArrivingFiles(station.folder, { timeouts, isInOrder }, (file) => this.#arrive(file));
    this.#watch = new FolderWatch(station.folder, station.polling, {
      onFile: (file) => {
        if (this.#isOutput(join(station.folder, file))) return;
        this.#arriving.note(file);
        events.changed();
      },
      onState: (error) => {
        this.#folderError = error;
        this.#wake();
        events.changed();
      },
    });
    this.#loop = this.#work();
  }

  /** Why no piece is decided now. */
  get halted(): ErrorReport | undefined {
    return this.#halted ?? this.#folderError;
  }

  get isFolderMissing(): boolean {
    return this.#folderError !== undefined;
  }

  /** Number of files that are still being written. */
  get incomplete(): number {
    return this.#arriving.size;
  }

  /** Removes some of the records that the station no longer keeps. @throws PerchError store errors */
  async removeRecords(): Promise<void> {
    if (this.#removing) return;
    this.#removing = true;
    try {
      const { store } = this.#context;
      const isThere = async () => !this.#stop.signal.aborted && (await this.#watch.isThere());
      this.#lookedAt = await removeRecords(store, store.stations.get(this.station), this.#lookedAt, isThere);
    } finally {
      this.#removing = false;
    }
  }

  /** The piece that is being inspected waits again. */
  async close(): Promise<void> {
    this.#stop.abort();
    this.#wake();
    await Promise.all([this.#watch.close(), this.#arriving.close(), this.#loop]);
  }

  /** Whether an output of the station wrote a file: a moved or copied piece is not a new one. */
  #isOutput(path: string): boolean {
    const folders = this.#context.store.outputs.foldersOf(this.station);
    return folders.some((folder) => isInside(folder, path));
  }

  async #arrive(file: PieceFile): Promise<void> {
    try {
      const { store } = this.#context;
      const piece = await registerArrival(store, store.stations.get(this.station), file);
      if (!piece) return;
      this.#resume();
      this.#wake();
      this.#events.changed();
    } catch (thrown) {
      if (this.#stop.signal.aborted) return;
      this.#halt(reportOf(thrown));
      await this.#sleep(HALT_MS);
      this.#arriving.note(file.file);
    }
  }

  async #work(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      try {
        // Files of a missing folder are not gone.
        const piece = this.#folderError ? undefined : this.#next();
        if (piece) await this.#perform(piece);
        else await this.#rest();
      } catch (thrown) {
        if (this.#stop.signal.aborted) return;
        this.#halt(reportOf(thrown));
        await this.#sleep(HALT_MS);
      }
    }
  }

  /** The next piece. Frames of rolls wait for those before them, because their places depend on them. */
  #next(): Piece | undefined {
    const { pieces, stations } = this.#context.store;
    const pending = this.#retries.pending();
    if (stations.get(this.station).rollDirection === null) return pieces.nextWaiting(this.station, pending);
    const first = pieces.nextWaiting(this.station, []);
    return first && pending.includes(first.id) ? undefined : first;
  }

  /** @throws PerchError that halts the station */
  async #perform(piece: Piece): Promise<void> {
    const { store } = this.#context;
    const station = store.stations.get(this.station);
    const original = piece.duplicateOf === null ? undefined : store.pieces.get(piece.duplicateOf);
    if (original?.state === 'waiting') return this.#retries.postpone(piece.id, 1000);
    if (original?.state === 'decided')
      return this.#settled(piece, settleDuplicate(this.#context, station, piece, original));
    if (original) store.pieces.clearDuplicate(piece.id);
    try {
      const { latest } = store.recipes.get(station.recipe);
      const { signal } = this.#stop;
      const read = await readPiece(station, piece, this.#context, signal);
      const made = await decidePiece(station, piece, read, latest, this.#context, signal);
      this.#settled(piece, settleDecided(this.#context, station, piece, made, latest));
    } catch (thrown) {
      const error = reportOf(thrown);
      if (this.#stop.signal.aborted || HALTING.has(error.code)) throw thrown;
      const renamed = error.code === 'NOT_FOUND' ? await this.#findRenamed(piece) : undefined;
      if (renamed) return this.#perform(renamed);
      this.#explain(station, piece, error);
    }
  }

  /** A piece whose file is gone, by its new name; undefined if there is none soon. */
  async #findRenamed({ id, file }: Piece): Promise<Piece | undefined> {
    const until = performance.now() + RENAME_MS;
    do {
      await this.#sleep(RENAME_LOOK_MS);
      const piece = this.#context.store.pieces.get(id);
      if (piece.file !== file) return piece;
    } while (this.#arriving.size > 0 && performance.now() < until && !this.#stop.signal.aborted);
    return undefined;
  }

  #settled(piece: Piece, settled: Piece | undefined): void {
    this.#retries.forget(piece.id);
    this.#resume();
    if (settled) this.#events.piece(settled);
    // Another process took the station over. The lease's renewal notices, and closes this worker.
    else if (!this.#context.store.stations.isHeldBy(this.station, this.#context.owner)) this.#stop.abort();
    this.#events.changed();
  }

  /** Tries a piece again that cannot be read now, or ends it. */
  #explain(station: StoredStation, piece: Piece, error: ErrorReport): void {
    // It was replaced: its new content is read once it is whole.
    if (error.code === 'IMAGE_CHANGED') this.#arriving.note(piece.file);
    // The whole folder may be missing. The piece then waits.
    if (error.code === 'NOT_FOUND') this.#watch.look();
    const isTriedAgain = this.#retries.next(piece.id, error, station.polling);
    if (isTriedAgain) return;
    const settled =
      error.code === 'NOT_FOUND'
        ? settleDropped(this.#context, station, piece)
        : settleFailed(this.#context, station, piece, error);
    this.#settled(piece, settled);
  }

  /** Waits for a piece, or until one is to be tried again. */
  async #rest(): Promise<void> {
    const woken = new Promise<void>((resolve) => (this.#wake = resolve));
    const timer = setTimeout(() => this.#wake(), this.#retries.msUntilNext());
    if (this.#stop.signal.aborted) this.#wake();
    await woken;
    clearTimeout(timer);
  }

  #halt(error: ErrorReport): void {
    this.#halted = error;
    this.#events.changed();
  }

  #resume(): void {
    if (!this.#halted) return;
    this.#halted = undefined;
    this.#events.changed();
  }

  async #sleep(delay: number): Promise<void> {
    await sleep(delay, undefined, { signal: this.#stop.signal }).catch(() => {});
  }
}
