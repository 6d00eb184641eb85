import { existsSync } from 'node:fs';
import { type ErrorReport, PerchError, reportOf } from '../../common/api/errors.ts';
import { otherImages } from '../../common/api/other-images.ts';
import type { Result, RunEvent, RunPlace } from '../../common/api/runs.ts';
import type { EngineClient } from '../../engine/client/engine-client.ts';
import type { Progress } from '../../engine/protocol/messages.ts';
import { memoryLimit } from '../../platform/memory.ts';
import { LEASE_MS } from '../../store/runs.ts';
import type { Store } from '../../store/store.ts';
import type { ClaimedItem } from '../../store/run-items.ts';
import type { Dispatcher } from '../queue/dispatcher.ts';
import { verifyFile } from '../datasets/verify-file.ts';
import { type Delivered, DeliveryBatch } from './delivery-batch.ts';
import { ForeignResults } from './foreign-results.ts';
import { inspectItem, type ItemOutcome } from './inspect-item.ts';
import { inspectSetItems } from './inspect-set-items.ts';
import { isProcessDead } from './lease.ts';
import { ThroughputMeter } from './throughput-meter.ts';

/** Interval of the heartbeat, which renews leases and checks for changes by other processes. */
const HEARTBEAT_MS = LEASE_MS / 10;

/** Minimum memory for decoding an image ahead. */
const DECODE_AHEAD_BYTES = 3 * 2 ** 30;

/** Errors that a missing or changed file may cause. */
const FILE_FAILURES: ReadonlySet<string> = new Set(['NOT_FOUND', 'NOT_READABLE', 'IMAGE_CHANGED']);

/** Store errors, which would also make the following items fail. */
const STORE_FAILURES: ReadonlySet<string> = new Set([
  'DISK_FULL',
  'NOT_WRITABLE',
  'STORE_BUSY',
  'STORE_UNUSABLE',
]);

/** An item, or the items of a set, that one request or a worker of the queue processes. */
interface Flight {
  place: RunPlace;
  /** The items that have not ended. */
  pending: Set<ClaimedItem>;
  stop: AbortController;
}

/** Receives a worker's events. */
export interface WorkerEvents {
  emit(event: RunEvent): void;
  /** A run has changed. */
  changed(): void;
}

/**
 * Processes the runs that this process has leased. One item computes on all cores while the next item's image
 * is decoded. The items of a set are processed together, and each ends when its map is complete.
 */
export class RunWorker {
  readonly #store: Store;
  readonly #engine: EngineClient;
  readonly #owner: string;
  readonly #dispatcher: Dispatcher;
  readonly #events: WorkerEvents;
  readonly #maxInFlight = memoryLimit() >= DECODE_AHEAD_BYTES ? 2 : 1;
  readonly #inFlight = new Set<Flight>();
  readonly #meters = new Map<number, ThroughputMeter>();
  /** Items whose engine crashed once. A second crash makes them fail. */
  readonly #crashed = new Set<number>();
  readonly #heartbeat: NodeJS.Timeout;
  readonly #foreign: ForeignResults;
  #seenVersion: number;
  /** Set while the store cannot be written. No item starts until it can. */
  #halted: ErrorReport | undefined;
  #adopting = false;
  #closed = false;

  readonly #deliveries = new DeliveryBatch((batch) => this.#keepAll(batch));
  #isWaking = false;

  constructor(
    context: { store: Store; engine: EngineClient; owner: string; dispatcher: Dispatcher },
    events: WorkerEvents,
  ) {
    ({
      store: this.#store,
      engine: this.#engine,
      owner: this.#owner,
      dispatcher: this.#dispatcher,
    } = context);
    this.#events = events;
    this.#seenVersion = this.#store.version();
    this.#foreign = new ForeignResults(this.#store);
    this.#heartbeat = setInterval(() => this.#beat(), HEARTBEAT_MS).unref();
  }

  /** Claims orphaned runs, now and at every heartbeat. */
  claimOrphans(): void {
    this.#adopting = true;
    this.#beat();
  }

  /** Why the store cannot be written; undefined if it can. */
  get haltedBy(): ErrorReport | undefined {
    return this.#halted;
  }

  /** Items per second of a run in this process. */
  rateOf(run: number): number | null {
    return this.#meters.get(run)?.rate ?? null;
  }

  /** Must be called after the queue has changed. */
  wake(): void {
    if (this.#closed) return;
    for (const { pending, stop } of this.#inFlight) {
      const lost = [...pending].find((item) => !this.#store.runItems.isRunning(item, this.#owner));
      if (lost === undefined) continue;
      stop.abort();
      this.#meters.delete(lost.run);
    }
    while (!this.#halted && this.#countInFlight('here') < this.#maxInFlight) {
      const items = this.#store.runItems.claim(this.#owner, (method) => this.#isForSet(method));
      if (items.length === 0) break;
      void this.#work({ place: 'here', pending: new Set(items), stop: new AbortController() });
    }
    const free = this.#halted ? 0 : this.#dispatcher.ahead - this.#countInFlight('workers');
    if (free <= 0) return;
    for (const item of this.#store.runItems.claimForWorkers(this.#owner, free))
      void this.#work({ place: 'workers', pending: new Set([item]), stop: new AbortController() });
  }

  #countInFlight(place: RunPlace): number {
    return [...this.#inFlight].filter((flight) => flight.place === place).length;
  }

  /** `wake`, once for all flights that end together. */
  #wakeSoon(): void {
    if (this.#isWaking) return;
    this.#isWaking = true;
    setImmediate(() => {
      this.#isWaking = false;
      this.#ignoreStoreErrors(() => this.wake());
    });
  }

  /** Stops and releases the leases, so that another worker can continue. */
  close(): void {
    this.#closed = true;
    clearInterval(this.#heartbeat);
    for (const { stop } of this.#inFlight) stop.abort();
    this.#ignoreStoreErrors(() => this.#store.runs.releaseAll(this.#owner));
  }

  #beat(): void {
    this.#ignoreStoreErrors(() => {
      this.#store.runs.renewLeases(this.#owner);
      this.#halted = undefined;
      this.#store.runItems.requeueExcept(
        [...this.#inFlight].flatMap(({ pending }) => [...pending].map(({ id }) => id)),
        this.#owner,
      );
      if (this.#adopting) this.#store.runs.claimOrphans(this.#owner, isProcessDead);
      this.wake();
      for (const result of this.#foreign.look()) this.#events.emit({ type: 'result', result });
      const version = this.#store.version();
      if (version !== this.#seenVersion) this.#events.changed();
      this.#seenVersion = version;
    });
  }

  async #work(flight: Flight): Promise<void> {
    this.#inFlight.add(flight);
    this.#events.changed();
    try {
      await this.#perform(flight);
    } finally {
      this.#inFlight.delete(flight);
      this.#events.changed();
      this.#wakeSoon();
    }
  }

  async #perform({ place, pending, stop }: Flight): Promise<void> {
    const [first] = pending;
    this.#meterOf(first.run);
    const context = { store: this.#store, engine: this.#engine };
    const options = {
      signal: stop.signal,
      onProgress: ({ stage, fraction }: Progress) => {
        const [{ run, image, method } = first] = pending;
        this.#events.emit({ type: 'stage', run, image, method, stage, fraction });
      },
    };
    const keep = (item: ClaimedItem, outcome: ItemOutcome) => {
      if (this.#closed) return;
      this.#keep(item, outcome);
      pending.delete(item);
    };
    const fail = async (item: ClaimedItem, thrown: unknown) => {
      const error = await this.#explain(item, reportOf(thrown));
      if (this.#closed) return;
      this.#ignoreStoreErrors(() => this.#fail(item, error));
      pending.delete(item);
    };
    try {
      if (place === 'workers') {
        await this.#deliveries.add(first, await this.#dispatcher.inspect(first, stop.signal));
        pending.delete(first);
      } else if (this.#isForSet(first.method))
        await inspectSetItems([...pending], context, options, { keep, fail });
      else keep(first, await inspectItem(first, context, options));
    } catch (thrown) {
      for (const item of [...pending]) {
        // The change that stopped it is already stored.
        if (stop.signal.aborted || this.#closed) return;
        await fail(item, thrown);
      }
    }
  }

  #isForSet(method: number): boolean {
    const { definition } = this.#store.methods.get(method);
    return definition !== null && otherImages(definition) === 'set';
  }

  /** Verifies a failed item's file, and reports if the whole dataset folder is missing. */
  async #explain(item: ClaimedItem, error: ErrorReport): Promise<ErrorReport> {
    const { image: id } = item;
    // The image may have been removed.
    if (!FILE_FAILURES.has(error.code) || !this.#store.runItems.isRunning(item, this.#owner)) return error;
    const image = this.#store.images.get(id);
    await verifyFile(this.#store, image.path, [image]);
    this.#store.changes.emit('datasets');
    const { root, name } = this.#store.datasets.get(image.dataset);
    if (existsSync(root)) return error;
    const message =
      `${root}, the folder of the dataset ${name}, no longer exists, so the run was paused. Restore the folder, ` +
      'or set its new location, and retry the run. Finished results are kept.';
    return { code: 'DATASET_GONE', message };
  }

  #keep(item: ClaimedItem, outcome: ItemOutcome): void {
    this.#announce(
      item,
      outcome,
      this.#store.transaction(() => this.#settle(item, outcome)),
    );
  }

  /** Keeps the results of workers, in one transaction. */
  #keepAll(batch: readonly Delivered[]): void {
    if (this.#closed) throw new PerchError('CANCELED', 'Canceled.');
    const results = this.#store.transaction(() => {
      this.#store.blobs.enter(batch.flatMap(({ outcome }) => ('blob' in outcome ? [outcome.blob] : [])));
      return batch.map(({ item, outcome }) => this.#settle(item, outcome));
    });
    for (const [at, { item, outcome }] of batch.entries()) this.#announce(item, outcome, results[at]);
  }

  /** In a transaction. @returns the result; undefined if this process no longer holds the item */
  #settle(item: ClaimedItem, outcome: ItemOutcome): Result | undefined {
    if (!this.#store.runItems.settle(item, this.#owner)) return undefined;
    if (this.#store.images.get(item.image).state !== 'present')
      this.#store.images.setState(item.image, 'present');
    const result = 'known' in outcome ? outcome.known : this.#store.results.add(outcome.made);
    this.#store.runs.setDevice(item.run, result.device);
    return result;
  }

  #announce(item: ClaimedItem, outcome: ItemOutcome, result: Result | undefined): void {
    if (result) {
      this.#foreign.made(result);
      this.#events.emit({ type: 'result', result });
    }
    if ('known' in outcome) return;
    if (!result) this.#store.blobs.discard([outcome.made.map]);
    this.#meterOf(item.run).ended();
  }

  #fail(item: ClaimedItem, error: ErrorReport): void {
    if (error.code === 'ENGINE_CRASHED' && !this.#crashed.has(item.id)) {
      this.#crashed.add(item.id);
      this.#store.runItems.requeue(item, this.#owner);
      return;
    }
    if (!this.#store.runItems.settle(item, this.#owner, error)) return;
    const failed = this.#store.runItems.get(item.id);
    if (failed) this.#events.emit({ type: 'failed', item: failed });
    if (STORE_FAILURES.has(error.code) || error.code === 'DATASET_GONE') this.#store.runs.pause(item.run);
  }

  #meterOf(run: number): ThroughputMeter {
    const meter = this.#meters.get(run) ?? new ThroughputMeter();
    this.#meters.set(run, meter);
    return meter;
  }

  /**
   * The store may be locked, or its disk full, for a while. The next heartbeat retries. Listeners are
   * notified, because they would otherwise wait in vain.
   */
  #ignoreStoreErrors(work: () => void): void {
    try {
      work();
    } catch (thrown) {
      if (!(thrown instanceof PerchError && STORE_FAILURES.has(thrown.code))) throw thrown;
      if (this.#closed || thrown.code === 'STORE_BUSY') return;
      const reported = this.#halted !== undefined;
      this.#halted = reportOf(thrown);
      if (!reported) this.#events.emit({ type: 'halted', error: this.#halted });
    }
  }
}
