import { createContext } from 'svelte';
import type { Result, Run, RunEvent, RunItem } from '../../../src-main/common/api/runs.ts';
import type { Stage } from '../../../src-main/common/api/schemas.ts';
import type { Client } from '../../api/connection.svelte.ts';
import { toErrorReport, isConnectionLost } from '../../api/failures.ts';
import { consumeStream } from '../../api/consume-stream.ts';
import { isOver } from './run-progress.ts';
import type { Notices } from '../notices.svelte.ts';

export type RunScope = Omit<Parameters<Client['runs']['start']>[0], 'skipQueued'>;

/** What a running item is at. */
export interface ItemProgress {
  run: number;
  image: number;
  method: number;
  stage: Stage;
  /** 0 to 1 within the stage. */
  fraction: number;
}

/** All runs of the store as they go on. */
export class RunStore {
  /** Newest first. */
  all = $state.raw<readonly Run[]>([]);
  /** Runs of which something was asked that is not answered yet. */
  pending = $state.raw<ReadonlySet<number>>(new Set());
  /** Whether the runs of the store are known yet. */
  loaded = $state(false);
  /** The latest word of an item in progress. */
  progress = $state.raw<ItemProgress>();
  /** Runs as they are listed: those with something left to do first, then the newest. */
  readonly sorted: readonly Run[] = $derived(
    this.all.toSorted((a, b) => Number(isOver(a)) - Number(isOver(b)) || b.id - a.id),
  );
  /** Runs that go on or wait for their turn, the one in progress first. */
  readonly active: readonly Run[] = $derived(
    this.all
      .filter(({ state }) => state === 'running' || state === 'waiting')
      .toSorted((a, b) => Number(b.state === 'running') - Number(a.state === 'running') || a.id - b.id),
  );

  readonly #client: Client;
  readonly #notices: Notices;
  readonly #onResult: (result: Result) => void;
  readonly #onEnd: () => void;
  /** By image and method. */
  #failures = $state.raw<ReadonlyMap<string, RunItem>>(new Map());

  /**
   * @param onResult called with each result as it is made, by whichever process
   * @param onEnd called when a run has come to its end
   */
  constructor(
    client: Client,
    notices: Notices,
    onResult: (result: Result) => void,
    onEnd: () => void = () => {},
  ) {
    this.#client = client;
    this.#notices = notices;
    this.#onResult = onResult;
    this.#onEnd = onEnd;
  }

  /** Follows all runs for as long as the connection stands. */
  async watch(): Promise<void> {
    await consumeStream(
      this.#client.runs.watch(),
      (event) => this.#apply(event),
      (failure) => this.#notices.showError('Lost the stream of runs from the server', failure),
    );
  }

  /** Why the latest try of an image by a method failed, as far as it was seen to fail. */
  failureOf(image: number | undefined, method: number | undefined): RunItem | undefined {
    return this.#failures.get(key(image, method));
  }

  /** Queues a run, but for what is queued already. @throws as the call does: `CONFLICT` where that is everything */
  async start(scope: RunScope): Promise<Run> {
    const run = await this.#client.runs.start({ ...scope, skipQueued: true });
    this.#replace(run);
    return run;
  }

  async pause(run: number): Promise<void> {
    await this.#tryOrReport('Could not pause the run', () =>
      this.#whilePending(run, async () => this.#replace(await this.#client.runs.pause({ run }))),
    );
  }

  async resume(run: number): Promise<void> {
    await this.#tryOrReport('Could not resume the run', () =>
      this.#whilePending(run, async () => this.#replace(await this.#client.runs.resume({ run }))),
    );
  }

  async cancel(run: number): Promise<void> {
    await this.#tryOrReport('Could not cancel the run', () =>
      this.#whilePending(run, async () => this.#replace(await this.#client.runs.cancel({ run }))),
    );
  }

  async retry(run: number): Promise<void> {
    await this.#tryOrReport('Could not retry the run', () =>
      this.#whilePending(run, async () => this.#replace(await this.#client.runs.retry({ run }))),
    );
  }

  /** Forgets a run; its results stay. */
  async remove(run: number): Promise<void> {
    await this.#tryOrReport('Could not remove the run', async () => {
      await this.#client.runs.remove({ run });
      this.all = this.all.filter(({ id }) => id !== run);
    });
  }

  /** Forgets all runs that have come to their end; their results stay. */
  async removeEnded(): Promise<void> {
    const over = this.all.filter(isOver);
    await this.#tryOrReport('Could not remove the runs', async () => {
      for (const { id } of over) await this.#client.runs.remove({ run: id });
      this.all = this.all.filter((run) => !over.includes(run));
    });
  }

  /** Has what is looked at done before others. */
  async prioritize(images: number[]): Promise<void> {
    if (this.active.length === 0) return;
    await this.#tryOrReport('Could not change the order of the run', () =>
      this.#client.runs.prioritize({ images }),
    );
  }

  #apply(event: RunEvent): void {
    if (event.type === 'runs') {
      const open = new Set(this.all.filter((run) => !isOver(run)).map(({ id }) => id));
      this.all = event.runs;
      if (event.runs.some((run) => isOver(run) && open.has(run.id))) this.#onEnd();
      this.loaded = true;
      this.#dropProgress(({ run }) => !event.runs.some((other) => other.id === run && !isOver(other)));
    } else if (event.type === 'stage') {
      this.progress = event;
    } else if (event.type === 'failed') {
      this.#failures = new Map(this.#failures).set(key(event.item.image, event.item.method), event.item);
      this.#dropProgress(isOf(event.item));
    } else if (event.type === 'halted') {
      this.#notices.showError('Runs are waiting because results cannot be saved', event.error);
    } else {
      this.#onResult(event.result);
      this.#dropProgress(isOf(event.result));
      const failed = key(event.result.image, event.result.method);
      if (this.#failures.has(failed))
        this.#failures = new Map([...this.#failures].filter(([item]) => item !== failed));
    }
  }

  /** An item that has ended is at nothing any more. */
  #dropProgress(ended: (progress: ItemProgress) => boolean): void {
    if (this.progress && ended(this.progress)) this.progress = undefined;
  }

  /** Shows that a run was asked something of until it is answered; nothing else is asked of it meanwhile. */
  async #whilePending(run: number, call: () => Promise<unknown>): Promise<void> {
    if (this.pending.has(run)) return;
    this.pending = new Set([...this.pending, run]);
    try {
      await call();
    } finally {
      this.pending = new Set([...this.pending].filter((id) => id !== run));
    }
  }

  async #tryOrReport(title: string, call: () => Promise<unknown>): Promise<void> {
    try {
      await call();
    } catch (thrown) {
      if (!isConnectionLost(thrown)) this.#notices.showError(title, toErrorReport(thrown));
    }
  }

  #replace(run: Run): void {
    this.all = this.all.some(({ id }) => id === run.id)
      ? this.all.map((known) => (known.id === run.id ? run : known))
      : [run, ...this.all];
  }
}

const isOf =
  ({ image, method }: { image: number; method: number }) =>
  (progress: ItemProgress) =>
    progress.image === image && progress.method === method;

function key(image: number | undefined, method: number | undefined): string {
  return `${image} ${method}`;
}

export const [getRuns, setRuns] = createContext<RunStore>();
