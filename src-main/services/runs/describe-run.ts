import type { Run } from '../../common/api/runs.ts';
import { isLeased, type StoredRun } from '../../store/runs.ts';
import type { Store } from '../../store/store.ts';
import type { Dispatcher } from '../queue/dispatcher.ts';
import { describeLeaseOwner, isProcessDead } from './lease.ts';

/** Runs as defined by the contract. The counts of finished runs are cached. */
export class RunDescriptions {
  readonly #store: Store;
  readonly #owner: string;
  readonly #dispatcher: Pick<Dispatcher, 'workersOf' | 'obstacle'>;
  readonly #rateOf: (run: number) => number | null;
  readonly #methods = new Map<number, number[]>();
  readonly #ended = new Map<number, { endedAt: string; counts: Run['counts'] }>();

  /** @param owner this process's worker id @param rateOf items per second of a run in this process */
  constructor(
    store: Store,
    owner: string,
    dispatcher: Pick<Dispatcher, 'workersOf' | 'obstacle'>,
    rateOf: (run: number) => number | null,
  ) {
    this.#dispatcher = dispatcher;
    this.#store = store;
    this.#owner = owner;
    this.#rateOf = rateOf;
  }

  /** Newest first. */
  all(): Run[] {
    return this.#store.runs.list().map((run) => this.#describe(run));
  }

  /** @throws PerchError `NOT_FOUND` */
  get(id: number): Run {
    return this.#describe(this.#store.runs.get(id));
  }

  #describe(stored: StoredRun): Run {
    const { leaseOwner, leaseExpiresAtMs: _, ...run } = stored;
    const methods = this.#methods.get(run.id) ?? this.#store.runItems.listMethods(run.id);
    this.#methods.set(run.id, methods);
    const counts = this.#counts(run);
    const owned = isLeased(stored, isProcessDead);
    const isByWorkers = run.place === 'workers';
    const isWorking = isByWorkers && leaseOwner === this.#owner;
    const rate = run.state === 'running' ? this.#rateOf(run.id) : null;
    return {
      ...run,
      methods,
      // Its worker is dead, so it waits for another worker.
      state: run.state === 'running' && !owned ? 'waiting' : run.state,
      counts,
      total: Object.values(counts).reduce((sum, count) => sum + count, 0),
      rate,
      secondsLeft: rate === null ? null : (counts.waiting + counts.running) / rate,
      heldBy:
        owned && leaseOwner !== null && leaseOwner !== this.#owner ? describeLeaseOwner(leaseOwner) : null,
      workers: isByWorkers ? this.#dispatcher.workersOf(run.id) : [],
      obstacle: isWorking ? this.#dispatcher.obstacle : null,
    };
  }

  #counts({ id, endedAt }: Pick<StoredRun, 'id' | 'endedAt'>): Run['counts'] {
    const kept = this.#ended.get(id);
    if (kept && kept.endedAt === endedAt) return kept.counts;
    const counts = this.#store.runItems.countStates(id);
    if (endedAt !== null) this.#ended.set(id, { endedAt, counts });
    return counts;
  }
}
