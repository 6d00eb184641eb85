import type { ErrorReport } from '../../common/api/errors.ts';
import type { RunEvent } from '../../common/api/runs.ts';
import { AsyncQueue } from '../async-queue.ts';

/** Minimum interval between snapshots of all runs. */
const SNAPSHOT_MS = 250;

/** Maximum number of queued stage events per listener; newer ones are dropped. */
const PENDING_STAGES = 100;

interface Listener {
  queue: AsyncQueue<RunEvent>;
  stages: number;
}

/** Sends run events to all listeners. */
export class RunEvents {
  readonly #listeners = new Set<Listener>();
  readonly #snapshot: () => RunEvent;
  readonly #haltedBy: () => ErrorReport | undefined;
  #closed = false;
  #timer: NodeJS.Timeout | undefined;

  /** @param haltedBy returns why runs are suspended, if they are; new listeners receive it first */
  constructor(snapshot: () => RunEvent, haltedBy: () => ErrorReport | undefined) {
    this.#snapshot = snapshot;
    this.#haltedBy = haltedBy;
  }

  /** Yields all runs, then events, until aborted. */
  async *watch(signal: AbortSignal): AsyncGenerator<RunEvent, void, void> {
    const listener: Listener = { queue: new AsyncQueue(), stages: 0 };
    const end = () => listener.queue.end();
    this.#listeners.add(listener);
    signal.addEventListener('abort', end);
    try {
      if (signal.aborted) return;
      yield this.#snapshot();
      const error = this.#haltedBy();
      if (error) yield { type: 'halted', error };
      for await (const event of listener.queue) {
        if (event.type === 'stage') listener.stages--;
        yield event;
      }
    } finally {
      signal.removeEventListener('abort', end);
      this.#listeners.delete(listener);
    }
  }

  emit(event: RunEvent): void {
    for (const listener of this.#listeners) {
      if (event.type === 'stage' && ++listener.stages > PENDING_STAGES) {
        listener.stages--;
        continue;
      }
      listener.queue.push(event);
    }
  }

  /** Schedules a snapshot after a run has changed. */
  changed(): void {
    if (this.#closed) return;
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      if (this.#listeners.size > 0) this.emit(this.#snapshot());
    }, SNAPSHOT_MS);
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
    for (const { queue } of this.#listeners) queue.end();
  }
}
