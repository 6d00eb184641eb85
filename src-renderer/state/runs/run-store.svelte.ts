import { createContext } from 'svelte';
import type { Result, Run, RunEvent, RunItem } from '../../../src-main/common/api/runs.ts';
import type { Stage } from '../../../src-main/common/api/schemas.ts';
import type { Client } from '../../api/connection.svelte.ts';
import { toErrorReport, isConnectionLost } from '../../api/failures.ts';
import { consumeStream } from '../../api/consume-stream.ts';
import { hasEnded } from './run-progress.ts';
import type { Notices } from '../notices.svelte.ts';

export type RunScope = Omit<Parameters<Client['runs']['start']>[0], 'skipQueued'>;

/** The progress of a running item. */
export interface ItemProgress {
  run: number;
  image: number;
  method: number;
  stage: Stage;
  /** 0 to 1 within the stage. */
  fraction: number;
}

/** The runs of the store and their progress. */
export class RunStore {
  /** Newest first. */
  all = $state.raw<readonly Run[]>([]);
  /** Ids of runs with a pending call. */
  pending = $state.raw<ReadonlySet<number>>(new Set());
  /** Whether the list of runs has loaded. */
  loaded = $state(false);
  /** The latest progress report. */
  progress = $state.raw<ItemProgress>();
  /** Unfinished runs first, then newest first. */
  readonly sorted: readonly Run[] = $derived(
    this.all.toSorted((a, b) => Number(hasEnded(a)) - Number(hasEnded(b)) || b.id - a.id),
  );
  /** Running and waiting runs, in order of execution. */
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
   * @param onResult called with each new result of any process
   * @param onEnd called when a run ends
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

  /** Follows all runs until the connection ends. */
  async watch(): Promise<void> {
    await consumeStream(
      this.#client.runs.watch(),
      (event) => this.#apply(event),
      (failure) => this.#notices.showError('Lost the stream of runs from the server', failure),
    );
  }

  /** The failed item of an image and a method, if its latest attempt failed in this session. */
  failureOf(image: number | undefined, method: number | undefined): RunItem | undefined {
    return this.#failures.get(key(image, method));
  }

  /**
   * Queues a run without the items that are already queued.
   *
   * @throws errors from the call; `CONFLICT` if none remain
   */
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

  /** Removes a run; its results are kept. */
  async remove(run: number): Promise<void> {
    await this.#tryOrReport('Could not remove the run', async () => {
      await this.#client.runs.remove({ run });
      this.all = this.all.filter(({ id }) => id !== run);
    });
  }

  /** Removes all ended runs; their results are kept. */
  async removeEnded(): Promise<void> {
    const over = this.all.filter(hasEnded);
    await this.#tryOrReport('Could not remove the runs', async () => {
      for (const { id } of over) await this.#client.runs.remove({ run: id });
      this.all = this.all.filter((run) => !over.includes(run));
    });
  }

  /** Moves images to the front of the queue. */
  async prioritize(images: number[]): Promise<void> {
    if (this.active.length === 0) return;
    await this.#tryOrReport('Could not change the order of the run', () =>
      this.#client.runs.prioritize({ images }),
    );
  }

  #apply(event: RunEvent): void {
    if (event.type === 'runs') {
      const open = new Set(this.all.filter((run) => !hasEnded(run)).map(({ id }) => id));
      this.all = event.runs;
      if (event.runs.some((run) => hasEnded(run) && open.has(run.id))) this.#onEnd();
      this.loaded = true;
      this.#clearProgress(({ run }) => !event.runs.some((other) => other.id === run && !hasEnded(other)));
    } else if (event.type === 'stage') {
      this.progress = event;
    } else if (event.type === 'failed') {
      this.#failures = new Map(this.#failures).set(key(event.item.image, event.item.method), event.item);
      this.#clearProgress(isOf(event.item));
    } else if (event.type === 'halted') {
      this.#notices.showError('Runs are waiting because results cannot be saved', event.error);
    } else {
      this.#onResult(event.result);
      this.#clearProgress(isOf(event.result));
      const failed = key(event.result.image, event.result.method);
      if (this.#failures.has(failed))
        this.#failures = new Map([...this.#failures].filter(([item]) => item !== failed));
    }
  }

  /** Clears the progress of an ended item. */
  #clearProgress(ended: (progress: ItemProgress) => boolean): void {
    if (this.progress && ended(this.progress)) this.progress = undefined;
  }

  /** Makes one call for a run at a time, and marks the run as pending during the call. */
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
