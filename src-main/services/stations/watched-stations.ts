import { PerchError } from '../../common/api/errors.ts';
import type { Piece } from '../../common/api/station.ts';
import type { EngineClient } from '../../engine/client/engine-client.ts';
import { LEASE_MS } from '../../store/runs.ts';
import type { StoredStation } from '../../store/stations.ts';
import type { Store } from '../../store/store.ts';
import { createWorkerId, describeLeaseOwner, isProcessDead } from '../runs/lease.ts';
import { describeStatus } from './describe-station.ts';
import { pruneStation } from './prune-station.ts';
import type { SettlingContext } from './settle-piece.ts';
import { StationListeners } from './station-listeners.ts';
import { StationWorker } from './station-worker.ts';

/** Interval of the heartbeat, which renews leases, prunes, and looks at the stations of other processes. */
const BEAT_MS = LEASE_MS / 15;

/** Minimum interval between the events that make windows load all images of a dataset again. */
const DATASETS_MS = 5000;

/** The stations that this process watches, and the events of all stations. */
export class WatchedStations {
  readonly listeners: StationListeners;
  readonly #context: SettlingContext & { engine: EngineClient };
  readonly #store: Store;
  readonly #owner = createWorkerId();
  readonly #workers = new Map<number, StationWorker>();
  readonly #heartbeat: NodeJS.Timeout;
  /** When the pieces of other processes were last looked at. */
  #seenAt = new Date().toISOString();
  #version: number;
  #isAdopting = false;
  #lastImage: number;
  #hasReplacedImages = false;
  #datasetsAt = 0;

  constructor({
    store,
    engine,
    onSettled,
  }: { store: Store; engine: EngineClient } & Pick<SettlingContext, 'onSettled'>) {
    this.#store = store;
    this.#context = { store, engine, owner: this.#owner, onSettled };
    this.#version = store.version();
    this.#lastImage = store.datasets.lastImage();
    this.listeners = new StationListeners(() =>
      store.stations.list().map((station) => describeStatus(store, station, this.#workers.get(station.id))),
    );
    this.#heartbeat = setInterval(() => this.#ignoreStoreErrors(() => this.#beat()), BEAT_MS).unref();
  }

  workerOf(station: number): StationWorker | undefined {
    return this.#workers.get(station);
  }

  /** Watches stations whose processes ended without stopping them, now and later. */
  claimOrphans(): void {
    this.#isAdopting = true;
    this.#ignoreStoreErrors(() => this.#beat());
  }

  /** @throws PerchError `CONFLICT` if another process watches it, `NOT_FOUND` */
  start(id: number): void {
    if (this.#workers.has(id)) return;
    if (!this.#store.stations.claim(id, this.#owner, isProcessDead)) {
      const { leaseOwner } = this.#store.stations.get(id);
      throw new PerchError('CONFLICT', describeLeaseOwner(leaseOwner ?? '', 'watches this station'));
    }
    this.#open(this.#store.stations.get(id));
  }

  /** Also stops a station of another process, which notices within a second. */
  async stop(id: number): Promise<void> {
    await this.#close(id);
    this.#store.stations.stop(id);
    this.listeners.changed();
  }

  /** Watches with the new settings of a station. */
  async restart(id: number): Promise<void> {
    if (!this.#workers.has(id)) return;
    await this.#close(id);
    this.#open(this.#store.stations.get(id));
  }

  /** Stops watching. The stations stay watched, so that another process or the next start continues. */
  async close(): Promise<void> {
    clearInterval(this.#heartbeat);
    this.listeners.close();
    const stations = [...this.#workers.keys()];
    await Promise.all(stations.map((id) => this.#close(id)));
    this.#ignoreStoreErrors(() => {
      for (const id of stations) this.#store.stations.release(id, this.#owner, { watched: true });
    });
  }

  #open(station: StoredStation): void {
    const worker = new StationWorker(station, this.#context, {
      piece: (piece) => {
        this.#reportImage(piece);
        this.listeners.piece(piece);
      },
      changed: () => this.listeners.changed(),
    });
    this.#workers.set(station.id, worker);
    this.listeners.changed();
  }

  async #close(id: number): Promise<void> {
    const worker = this.#workers.get(id);
    this.#workers.delete(id);
    await worker?.close();
  }

  #beat(): void {
    if (!this.#store.isOpen) return clearInterval(this.#heartbeat);
    for (const [id, worker] of this.#workers) {
      // It was stopped or removed, or another process took it over.
      if (!this.#store.stations.renew(id, this.#owner))
        void this.#close(id).then(() => this.listeners.changed());
      else {
        pruneStation(this.#store, this.#store.stations.get(id));
        void worker.removeRecords().catch(ignoreStoreError);
      }
    }
    if (this.#isAdopting)
      for (const id of this.#store.stations.listOrphans(this.#owner, isProcessDead)) this.start(id);
    this.#reportForeign();
    if (this.#hasReplacedImages && Date.now() - this.#datasetsAt > DATASETS_MS) {
      this.#hasReplacedImages = false;
      this.#datasetsAt = Date.now();
      this.#store.changes.emit('datasets');
    }
    if (this.#store.stations.list().some(({ id }) => this.#store.pieces.backlog(id).count > 0))
      this.listeners.changed();
  }

  /** Windows load an added image by itself. If a piece replaced the file of another one, they load all images again. */
  #reportImage({ image, duplicateOf }: Piece): void {
    if (image === null || duplicateOf !== null) return;
    if (image > this.#lastImage) {
      this.#lastImage = image;
      this.#store.changes.emit('images');
    } else this.#hasReplacedImages = true;
  }

  /** Sends the pieces that other processes settled. */
  #reportForeign(): void {
    const version = this.#store.version();
    if (version === this.#version) return;
    this.#version = version;
    const pieces: Piece[] = this.#store.stations
      .list()
      .filter(({ id }) => !this.#workers.has(id))
      .flatMap(({ id }) => this.#store.pieces.listSettledAfter(id, this.#seenAt));
    for (const piece of pieces) {
      this.listeners.piece(piece);
      if (piece.decidedAt !== null && piece.decidedAt > this.#seenAt) this.#seenAt = piece.decidedAt;
    }
    this.listeners.changed();
  }

  /** The store may be locked, or its disk full, for a while. The next beat tries again. */
  #ignoreStoreErrors(work: () => void): void {
    try {
      work();
    } catch (thrown) {
      ignoreStoreError(thrown);
    }
  }
}

/** @throws all other errors */
function ignoreStoreError(thrown: unknown): void {
  if (!(thrown instanceof PerchError)) throw thrown;
}
