import { setTimeout as pause } from 'node:timers/promises';
import { reportOf } from '../../common/api/errors.ts';
import type { Store } from '../../store/store.ts';
import { createWorkerId, isProcessDead } from '../runs/lease.ts';
import type { Target } from './targets/target.ts';

/** Time limits of delivery, which tests shorten. */
export interface DeliveryTimes {
  /** Interval at which messages of other processes are noticed. */
  lookMs: number;
  /** Limit of one attempt, within the lease. */
  attemptMs: number;
  leaseMs: number;
  /** Pause after a failed attempt, which doubles up to the longest. */
  first: number;
  longest: number;
  /** A connection without messages is closed. */
  idleMs: number;
}

export const DELIVERY_TIMES: DeliveryTimes = {
  lookMs: 500,
  attemptMs: 10_000,
  leaseMs: 30_000,
  first: 1000,
  longest: 60_000,
  idleMs: 60_000,
};

/** Time for the attempts in progress when a host closes. */
const CLOSE_MS = 2000;
/** Messages that are read at once. */
const BATCH = 50;

/** Delivers the messages of the outbox, those of each output in order. One process at a time has the lease on an output. */
export class Delivery {
  readonly #store: Store;
  readonly #open: (output: number) => Target;
  readonly #times: DeliveryTimes;
  readonly #owner = createWorkerId();
  readonly #stopping = new AbortController();
  /** Ends the attempts that take too long while the host closes. */
  readonly #closing = new AbortController();
  readonly #renewedAt = new Map<number, number>();
  readonly #working = new Map<number, Promise<void>>();
  #wake = wakeUp();
  #looking: Promise<void> | undefined;

  /** @param open creates the target of an output. @throws PerchError, which postpones delivery */
  constructor(store: Store, open: (output: number) => Target, times = DELIVERY_TIMES) {
    this.#store = store;
    this.#open = open;
    this.#times = times;
  }

  /** Delivers until `stop`. Repeating it has no effect. */
  start(): void {
    if (this.#looking) return;
    this.#store.outbox.changes.on('added', this.wake);
    this.#looking = this.#look();
  }

  /** Looks for messages without waiting for the next interval. */
  readonly wake = (): void => this.#wake.resolve();

  /** Waits shortly for the attempts in progress. Undelivered messages stay in the outbox. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    const closing = setTimeout(() => this.#closing.abort(), CLOSE_MS);
    this.#store.outbox.changes.off('added', this.wake);
    this.wake();
    await this.#looking;
    await Promise.all(this.#working.values());
    clearTimeout(closing);
  }

  async #look(): Promise<void> {
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      this.#wake = wakeUp();
      this.#deliverDue();
      await Promise.race([this.#wake.promise, sleep(this.#times.lookMs, signal)]);
    }
  }

  #deliverDue(): void {
    try {
      for (const output of this.#store.outbox.due()) {
        if (this.#working.has(output)) continue;
        const work = this.#deliverOutput(output).finally(() => this.#working.delete(output));
        this.#working.set(output, work);
      }
    } catch {
      // The store is busy, or its disk full. The next look tries again.
    }
  }

  /** Delivers an output's messages until none was added for a while, an attempt fails, or another process has the lease. */
  async #deliverOutput(output: number): Promise<void> {
    const { outbox, outputs } = this.#store;
    let target: Target | undefined;
    try {
      if (!this.#renew(output)) return;
      const version = outputs.version(output);
      const isCurrent = () =>
        !this.#stopping.signal.aborted && outputs.version(output) === version && this.#renew(output);
      target = this.#open(output);
      let idleSince = performance.now();
      while (isCurrent() && performance.now() - idleSince < this.#times.idleMs) {
        if (await this.#deliverBatch(output, target, isCurrent)) idleSince = performance.now();
        else await Promise.race([this.#wake.promise, sleep(this.#times.lookMs, this.#stopping.signal)]);
      }
    } catch (thrown) {
      if (!this.#closing.signal.aborted)
        this.#attempt(() => outbox.postpone(output, reportOf(thrown), this.#times));
    } finally {
      await target?.close().catch(() => {});
      this.#renewedAt.delete(output);
      this.#attempt(() => outbox.release(output, this.#owner));
    }
  }

  /** @returns whether there were messages. @throws PerchError if an attempt failed */
  async #deliverBatch(output: number, target: Target, isCurrent: () => boolean): Promise<boolean> {
    const { outbox } = this.#store;
    const messages = outbox.next(output, BATCH);
    for (const { id, message } of messages) {
      if (!isCurrent()) return true;
      const signal = AbortSignal.any([AbortSignal.timeout(this.#times.attemptMs), this.#closing.signal]);
      const refused = await target.deliver(message, signal);
      if (refused) outbox.refuse(output, id, refused);
      else outbox.settle(output, [id]);
    }
    return messages.length > 0;
  }

  /** Keeps the lease, whose row is written after a third of its time only. */
  #renew(output: number): boolean {
    const { leaseMs } = this.#times;
    const since = performance.now() - (this.#renewedAt.get(output) ?? -Infinity);
    if (since < leaseMs / 3) return true;
    const held = this.#store.outbox.lease(output, this.#owner, leaseMs, isProcessDead);
    if (held) this.#renewedAt.set(output, performance.now());
    else this.#renewedAt.delete(output);
    return held;
  }

  /** A failed write of the state must not end the host; the next attempt writes it. */
  #attempt(work: () => void): void {
    try {
      work();
    } catch {
      // The lease expires by itself.
    }
  }
}

/** A promise that another call resolves. */
function wakeUp(): { promise: Promise<unknown>; resolve: () => void } {
  const { promise, resolve } = Promise.withResolvers<undefined>();
  return { promise, resolve: () => resolve(undefined) };
}

async function sleep(ms: number, signal: AbortSignal): Promise<void> {
  await pause(ms, undefined, { signal, ref: false }).catch(() => {});
}
