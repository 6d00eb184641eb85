import { randomUUID } from 'node:crypto';
import os from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { errorOf, PerchError, reportOf } from '../../common/api/errors.ts';
import type { Run } from '../../common/api/runs.ts';
import type { ClaimedItem } from '../../store/run-items.ts';
import type { Store } from '../../store/store.ts';
import { decodeAnswer } from './answer-bytes.ts';
import { HostConnection } from './host-connection.ts';
import { modelChanged } from './host-fault.ts';
import { makeOffer, type Offer, type OfferedOutcome, resultOf } from './offer.ts';
import { OfferedFiles } from './offered-files.ts';
import type { QueueSource } from './queue-source.ts';
import type { PresentWorker } from './registry.ts';
import type { Requirement } from './requirement.ts';

/**
 * Tasks that are offered at the same time per worker, and at least. Tasks of workers that died stay among them until their heartbeat
 * has expired.
 */
const AHEAD_PER_WORKER = 10;
const AHEAD = 100;

/** Tasks that are made within this time are offered together. */
const BATCH_MS = 10;

/** Interval of attempts to offer tasks to a queue that does not answer. */
const RETRY_MS = 1000;

/** An outcome, and the reply to the worker that sent it. */
export interface Delivery {
  outcome: OfferedOutcome;
  /** Must be called once the outcome is stored, or was not needed. */
  stored(): void;
}

interface Pending {
  offer: Offer;
  resolve(delivery: Delivery): void;
  reject(reason: unknown): void;
  /** When it was last offered, in milliseconds of a monotonic clock; undefined until it was. */
  offeredAt?: number;
}

/**
 * Offers the items of runs to the workers of the queue, and takes their results. It connects when it has its first item and stays
 * connected until it is closed.
 */
export class Dispatcher {
  readonly #store: Store;
  readonly #source: QueueSource;
  readonly #version: string;
  readonly #onChange: () => void;
  readonly #id = randomUUID();
  readonly #files = new OfferedFiles();
  readonly #pending = new Map<string, Pending>();
  readonly #toOffer = new Set<Pending>();
  readonly #results = new Map<number, Map<string, number>>();
  readonly #closing = new AbortController();
  #connection: HostConnection | undefined;
  #offering: Promise<void> | undefined;
  /** Undefined before the queue was asked for them. */
  #present: readonly PresentWorker[] | undefined;
  #obstacle: string | null = null;

  constructor(
    { store, source, version }: { store: Store; source: QueueSource; version: string },
    onChange: () => void,
  ) {
    this.#store = store;
    this.#source = source;
    this.#version = version;
    this.#onChange = onChange;
  }

  get #workers(): readonly PresentWorker[] {
    return this.#present ?? [];
  }

  /** How many items should be offered at the same time. */
  get ahead(): number {
    return Math.max(AHEAD, AHEAD_PER_WORKER * this.#workers.length);
  }

  /** Why workers do not proceed; null if nothing is known to stop them. */
  get obstacle(): string | null {
    if (this.#obstacle !== null || this.#pending.size === 0) return this.#obstacle;
    if (!this.#present) return null;
    if (this.#present.length === 0)
      return 'No worker is connected to the queue. Start one with `perch worker`.';
    const queues = new Set([...this.#pending.values()].map(({ offer }) => offer.queue));
    for (const queue of queues) {
      const refusals = this.#workers.map(
        ({ name, refusals }) => refusals[queue] && `${name}: ${refusals[queue]}`,
      );
      if (refusals.every(Boolean)) return `No worker takes these tasks. ${refusals.join(' ')}`;
    }
    return null;
  }

  /** The workers of the queue and those that sent results of a run to this process. */
  workersOf(run: number): Run['workers'] {
    const results = this.#results.get(run) ?? new Map<string, number>();
    const names = new Set([...this.#workers.map(({ name }) => name), ...results.keys()]);
    return [...names].sort().map((name) => ({ name, results: results.get(name) ?? 0 }));
  }

  /**
   * Offers an item until a worker has sent its result.
   *
   * @throws PerchError of the worker's engine; `ENGINE_CRASHED` if its workers ended again and again; `CANCELED` after `signal` aborts
   */
  async inspect(item: ClaimedItem, signal: AbortSignal): Promise<Delivery> {
    const offer = makeOffer(item, { store: this.#store, host: this.#id, version: this.#version });
    if ('known' in offer) return { outcome: offer, stored: () => {} };
    const { promise, resolve, reject } = Promise.withResolvers<Delivery>();
    const pending: Pending = { offer, resolve, reject };
    const cancel = () => reject(new PerchError('CANCELED', 'Canceled.'));
    this.#pending.set(offer.id, pending);
    for (const [sha256, file] of offer.files) this.#files.add(sha256, file);
    signal.addEventListener('abort', cancel, { once: true });
    this.#toOffer.add(pending);
    this.#offering ??= this.#offerAll().finally(() => (this.#offering = undefined));
    try {
      return await promise;
    } catch (thrown) {
      this.#withdraw(pending);
      throw thrown;
    } finally {
      signal.removeEventListener('abort', cancel);
      for (const sha256 of offer.files.keys()) this.#files.remove(sha256);
    }
  }

  async close(): Promise<void> {
    this.#closing.abort();
    for (const { reject } of this.#pending.values()) reject(new PerchError('CANCELED', 'Canceled.'));
    await this.#offering;
    const queued = [...this.#pending.values()].map(({ offer }) => offer);
    this.#pending.clear();
    await this.#connection?.close(queued);
  }

  /** Offers what waits, in batches, and tries again while the queue does not answer. */
  async #offerAll(): Promise<void> {
    while (this.#toOffer.size > 0 && !this.#closing.signal.aborted) {
      await pause(BATCH_MS);
      const batch = [...this.#toOffer];
      try {
        this.#connection ??= await this.#connect();
        await this.#connection.offer(batch.map(({ offer }) => offer));
        for (const pending of batch) {
          pending.offeredAt = performance.now();
          this.#toOffer.delete(pending);
        }
        this.#setObstacle(null);
      } catch (thrown) {
        this.#setObstacle(reportOf(thrown).message);
        await pause(RETRY_MS, undefined, { signal: this.#closing.signal }).catch(() => {});
      }
    }
  }

  async #connect(): Promise<HostConnection> {
    const { target } = this.#source;
    if (!target)
      throw new PerchError(
        'INVALID_ARGUMENT',
        'No queue is set. Enter its address in the settings, or give it with --queue.',
      );
    return HostConnection.open(
      target,
      { id: this.#id, name: `${os.hostname()} ${process.pid}`, version: this.#version },
      this.#files,
      {
        limitOf: (task) => this.#find(task)?.offer.limit,
        receive: (task, bytes) => this.#receive(task, bytes),
        lost: (sha256, cause) => this.#lose(sha256, cause),
        present: (workers) => {
          this.#present = workers;
          this.#onChange();
        },
        requirements: () => this.#requirements(),
        oldest: (age, count) => this.#oldest(age, count),
        abandoned: (task, error) => this.#pending.get(task)?.reject(error),
        missing: (task) => this.#offerAgain(task),
        failed: (error) => this.#setObstacle(error?.message ?? null),
      },
    );
  }

  /** @param task its id, or the key of its answer */
  #find(task: string): Pending | undefined {
    return this.#pending.get(task) ?? [...this.#pending.values()].find(({ offer }) => offer.key === task);
  }

  async #receive(task: string, bytes: Buffer): Promise<204 | 400 | 410 | 503> {
    const pending = this.#find(task);
    if (!pending) return 410;
    let decoded: ReturnType<typeof decodeAnswer>;
    try {
      decoded = decodeAnswer(bytes);
    } catch {
      return 400;
    }
    const { answer } = decoded;
    if (answer.kind === 'error') {
      pending.reject(errorOf(answer.error));
      return 204;
    }
    let outcome: OfferedOutcome;
    try {
      outcome = await resultOf(pending.offer, decoded, this.#store);
    } catch (thrown) {
      if (reportOf(thrown).code === 'INVALID_MAP') return 400;
      pending.reject(thrown);
      return 503;
    }
    // Another delivery of the task may have come first.
    if (this.#find(task) !== pending) return 410;
    return new Promise((resolve) => {
      const stored = () => {
        // A task whose answer was kept since an earlier host is still in the queue.
        if (task === pending.offer.key) this.#withdraw(pending);
        this.#pending.delete(pending.offer.id);
        this.#count(pending.offer.item.run, answer.worker);
        resolve(204);
      };
      pending.resolve({ outcome, stored });
    });
  }

  #count(run: number, worker: string): void {
    const results = this.#results.get(run) ?? new Map<string, number>();
    results.set(worker, (results.get(worker) ?? 0) + 1);
    this.#results.set(run, results);
  }

  #withdraw(pending: Pending): void {
    const { offer } = pending;
    if (!this.#pending.delete(offer.id)) return;
    this.#toOffer.delete(pending);
    if (pending.offeredAt !== undefined) this.#connection?.withdraw(offer);
  }

  #lose(sha256: string, cause: unknown): void {
    for (const { offer, reject } of [...this.#pending.values()]) {
      if (!offer.files.has(sha256)) continue;
      const { model } = offer.requirement;
      if (model?.sha256 === sha256) {
        reject(modelChanged(model.name, cause));
        continue;
      }
      const { path = '' } = offer.files.get(sha256) ?? {};
      reject(
        cause instanceof PerchError
          ? cause
          : new PerchError(
              'IMAGE_CHANGED',
              `${path} has changed since the import. Import its dataset again.`,
              cause,
            ),
      );
    }
  }

  #requirements(): Map<string, Requirement> {
    return new Map([...this.#pending.values()].map(({ offer }) => [offer.queue, offer.requirement]));
  }

  /** The tasks that were offered first and have no result yet. */
  #oldest(ageMs: number, count: number): Offer[] {
    const before = performance.now() - ageMs;
    return [...this.#pending.values()]
      .filter(({ offeredAt }) => offeredAt !== undefined && offeredAt < before)
      .slice(0, count)
      .map(({ offer }) => offer);
  }

  #offerAgain(task: string): void {
    const pending = this.#pending.get(task);
    if (!pending) return;
    this.#pending.delete(task);
    pending.offer.id = randomUUID();
    delete pending.offeredAt;
    this.#pending.set(pending.offer.id, pending);
    this.#toOffer.add(pending);
    this.#offering ??= this.#offerAll().finally(() => (this.#offering = undefined));
  }

  #setObstacle(obstacle: string | null): void {
    if (obstacle === this.#obstacle) return;
    this.#obstacle = obstacle;
    this.#onChange();
  }
}
