import type { Piece, StationEvent, StationStatus } from '../../common/api/station.ts';
import { AsyncQueue } from '../async-queue.ts';

/** Minimum interval between statuses. */
const STATUS_MS = 250;

/** Most piece events that wait for a slow listener; newer ones are left out. It can list the pieces. */
const PENDING_PIECES = 1000;

interface Listener {
  queue: AsyncQueue<StationEvent>;
  pieces: number;
}

/** Sends the events of stations to all listeners. */
export class StationListeners {
  readonly #listeners = new Set<Listener>();
  readonly #statuses: () => StationStatus[];
  #timer: NodeJS.Timeout | undefined;
  #isClosed = false;

  constructor(statuses: () => StationStatus[]) {
    this.#statuses = statuses;
  }

  get isEmpty(): boolean {
    return this.#listeners.size === 0;
  }

  /** Yields the statuses of all stations, then events, until aborted. */
  async *watch(signal: AbortSignal): AsyncGenerator<StationEvent, void, void> {
    if (signal.aborted || this.#isClosed) return;
    const listener: Listener = { queue: new AsyncQueue(), pieces: 0 };
    const end = () => listener.queue.end();
    this.#listeners.add(listener);
    signal.addEventListener('abort', end);
    try {
      yield { type: 'status', statuses: this.#statuses() };
      for await (const event of listener.queue) {
        if (event.type === 'piece') listener.pieces--;
        yield event;
        if (signal.aborted) return;
      }
    } finally {
      signal.removeEventListener('abort', end);
      this.#listeners.delete(listener);
    }
  }

  piece(piece: Piece): void {
    for (const listener of this.#listeners) {
      if (listener.pieces >= PENDING_PIECES) continue;
      listener.pieces++;
      listener.queue.push({ type: 'piece', piece });
    }
    this.changed();
  }

  /** Sends the statuses soon. */
  changed(): void {
    if (this.isEmpty || this.#isClosed) return;
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      const statuses = this.#statuses();
      for (const { queue } of this.#listeners) queue.push({ type: 'status', statuses });
    }, STATUS_MS).unref();
  }

  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    for (const { queue } of this.#listeners) queue.end();
  }
}
