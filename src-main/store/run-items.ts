import type { Statement } from 'better-sqlite3';
import type { ErrorReport } from '../common/api/errors.ts';
import type { RunItem, RunItemState, RunPlace } from '../common/api/runs.ts';
import type { ProviderChoice } from '../common/api/schemas.ts';
import { type Connection, transaction } from './database.ts';
import type { RunTable } from './runs.ts';

/** An item that a worker has started. */
export interface ClaimedItem {
  id: number;
  run: number;
  image: number;
  method: number;
  provider: ProviderChoice;
}

interface Candidate extends ClaimedItem {
  priority: number;
}

const toClaimed = ({ id, run, image, method, provider }: Candidate): ClaimedItem => ({
  id,
  run,
  image,
  method,
  provider,
});

type ItemRow = Omit<RunItem, 'error'> & { code: ErrorReport['code'] | null; message: string | null };

const select = `SELECT t.id, t.run_id AS run, t.image_id AS image, i.name AS imageName, i.texture_class AS textureClass,
    t.method_id AS method, t.state, t.error_code AS code, t.error_message AS message
  FROM run_items AS t JOIN images AS i ON i.id = t.image_id`;

/** Runs with unfinished items. */
const ACTIVE = "SELECT id FROM runs WHERE state IN ('waiting', 'running', 'paused')";

/** The queue of items (image x method), ordered by priority, then by insertion. */
export class RunItemTable {
  readonly #database: Connection;
  readonly #runs: RunTable;
  readonly #owned: Statement<[string], number>;
  readonly #ownedAt: Statement<[string, RunPlace], number>;
  readonly #next: Statement<[number, number], Candidate>;
  readonly #mates: Statement<[number], Candidate>;
  readonly #begin: Statement<[number]>;
  readonly #startRun: Statement<[string, number]>;
  readonly #settle: Statement<[object]>;
  readonly #running: Statement<[number], number>;
  readonly #reset: Statement<[number]>;
  readonly #isRunning: Statement<[number, string]>;
  readonly #byId: Statement<[number], ItemRow>;
  readonly #counts: Statement<[number], { state: RunItemState; count: number }>;
  readonly #methods: Statement<[number], number>;

  constructor(database: Connection, runs: RunTable) {
    this.#database = database;
    this.#runs = runs;
    this.#owned = database
      .prepare<[string], number>(
        "SELECT id FROM runs WHERE lease_owner = ? AND state IN ('waiting', 'running') ORDER BY id",
      )
      .pluck();
    this.#ownedAt = database
      .prepare<[string, RunPlace], number>(
        "SELECT id FROM runs WHERE lease_owner = ? AND state IN ('waiting', 'running') AND place = ? ORDER BY id",
      )
      .pluck();
    this.#next = database.prepare(
      `SELECT t.id, t.run_id AS run, t.image_id AS image, t.method_id AS method, t.priority, r.provider
       FROM run_items AS t JOIN runs AS r ON r.id = t.run_id
       WHERE t.run_id = ? AND t.state = 'waiting' ORDER BY t.priority DESC, t.id LIMIT ?`,
    );
    this.#mates = database.prepare(
      `SELECT t.id, t.run_id AS run, t.image_id AS image, t.method_id AS method, t.priority, r.provider
       FROM run_items AS f JOIN images AS g ON g.id = f.image_id
         JOIN run_items AS t ON t.run_id = f.run_id AND t.method_id = f.method_id AND t.state = 'waiting'
         JOIN images AS i ON i.id = t.image_id AND i.dataset_id = g.dataset_id AND i.texture_class = g.texture_class
         JOIN runs AS r ON r.id = t.run_id
       WHERE f.id = ? ORDER BY t.priority DESC, t.id`,
    );
    this.#begin = database.prepare("UPDATE run_items SET state = 'running' WHERE id = ?");
    this.#startRun = database.prepare(
      "UPDATE runs SET state = 'running', started_at = coalesce(started_at, ?) WHERE id = ?",
    );
    this.#settle = database.prepare(
      `UPDATE run_items SET state = @state, error_code = @code, error_message = @message
       WHERE id = @id AND state = 'running' AND EXISTS (SELECT 1 FROM runs WHERE id = run_id AND lease_owner = @owner)`,
    );
    this.#running = database
      .prepare<[number], number>("SELECT id FROM run_items WHERE run_id = ? AND state = 'running'")
      .pluck();
    this.#reset = database.prepare(
      "UPDATE run_items SET state = 'waiting' WHERE id = ? AND state = 'running'",
    );
    this.#isRunning = database.prepare(
      `SELECT 1 FROM run_items AS t JOIN runs AS r ON r.id = t.run_id
       WHERE t.id = ? AND t.state = 'running' AND r.lease_owner = ?`,
    );
    this.#byId = database.prepare(`${select} WHERE t.id = ?`);
    this.#counts = database.prepare(
      'SELECT state, count(*) AS count FROM run_items WHERE run_id = ? GROUP BY state',
    );
    this.#methods = database
      .prepare<[number], number>(
        'SELECT DISTINCT method_id FROM run_items WHERE run_id = ? ORDER BY method_id',
      )
      .pluck();
  }

  /**
   * Starts the next item of the runs that `owner` holds and works on itself.
   *
   * @param isForSet whether a method inspects all images of a class together
   * @returns the item, and for such a method all waiting items of its run, method and class; empty if nothing waits
   */
  claim(owner: string, isForSet: (method: number) => boolean = () => false): ClaimedItem[] {
    return transaction(this.#database, () => {
      const candidates = this.#ownedAt.all(owner, 'here').flatMap((run) => this.#next.all(run, 1));
      if (candidates.length === 0) return [];
      const first = candidates.reduce((best, other) => (other.priority > best.priority ? other : best));
      const claimed = isForSet(first.method) ? this.#mates.all(first.id) : [first];
      for (const { id } of claimed) this.#begin.run(id);
      this.#startRun.run(now(), first.run);
      return claimed.map(toClaimed);
    });
  }

  /** Starts up to `limit` items of the runs that `owner` holds for workers. */
  claimForWorkers(owner: string, limit: number): ClaimedItem[] {
    return transaction(this.#database, () => {
      const candidates = this.#ownedAt.all(owner, 'workers').flatMap((run) => this.#next.all(run, limit));
      const claimed = candidates.sort((a, b) => b.priority - a.priority || a.id - b.id).slice(0, limit);
      for (const { id } of claimed) this.#begin.run(id);
      for (const run of new Set(claimed.map((item) => item.run))) this.#startRun.run(now(), run);
      return claimed.map(toClaimed);
    });
  }

  /**
   * Finishes an item that `owner` has started. The last item finishes the run.
   *
   * @param error why it failed; absent if it succeeded
   * @returns whether `owner` still held the item; if not, nothing changes
   */
  settle(item: ClaimedItem, owner: string, error?: ErrorReport): boolean {
    return transaction(this.#database, () => {
      const { changes } = this.#settle.run({
        id: item.id,
        owner,
        state: error ? 'failed' : 'done',
        code: error?.code ?? null,
        message: error?.message ?? null,
      });
      this.#runs.finishIfDone(item.run);
      return changes === 1;
    });
  }

  /** Requeues an item that `owner` has started. */
  requeue(item: ClaimedItem, owner: string): void {
    transaction(this.#database, () => {
      this.#settle.run({ id: item.id, owner, state: 'waiting', code: null, message: null });
    });
  }

  /** Requeues the started items of `owner` except `ids`, whose results could not be written. */
  requeueExcept(ids: readonly number[], owner: string): void {
    for (const run of this.#owned.all(owner)) {
      const lost = this.#running.all(run).filter((id) => !ids.includes(id));
      if (lost.length > 0) transaction(this.#database, () => lost.forEach((id) => this.#reset.run(id)));
    }
  }

  /** Whether `owner` has started an item and still holds it. */
  isRunning({ id }: ClaimedItem, owner: string): boolean {
    return this.#isRunning.get(id, owner) !== undefined;
  }

  get(id: number): RunItem | undefined {
    const row = this.#byId.get(id);
    return row && rowToItem(row);
  }

  /** One page of a run's items, in order, and the total number of items. */
  list(
    run: number,
    { state, offset, limit }: { state?: RunItemState | undefined; offset: number; limit: number },
  ): { items: RunItem[]; total: number } {
    const where = `WHERE t.run_id = @run ${state ? 'AND t.state = @state' : ''}`;
    const rows = this.#database
      .prepare<[object], ItemRow>(`${select} ${where} ORDER BY t.id LIMIT @limit OFFSET @offset`)
      .all({ run, state, offset, limit });
    const total = this.#database
      .prepare<[object], number>(`SELECT count(*) FROM run_items AS t ${where}`)
      .pluck()
      .get({ run, state });
    return { items: rows.map(rowToItem), total: total ?? 0 };
  }

  countStates(run: number): Record<RunItemState, number> {
    const counts = { waiting: 0, running: 0, done: 0, failed: 0, canceled: 0 };
    for (const { state, count } of this.#counts.all(run)) counts[state] = count;
    return counts;
  }

  /** Ids of the methods of a run. */
  listMethods(run: number): number[] {
    return this.#methods.all(run);
  }

  /** Maps unfinished items (`<image> <method>`) to their run. */
  listQueued(): Map<string, number> {
    const rows = this.#database
      .prepare<[], { item: string; run: number }>(
        `SELECT image_id || ' ' || method_id AS item, run_id AS run FROM run_items
         WHERE state IN ('waiting', 'running') AND run_id IN (${ACTIVE})`,
      )
      .all();
    return new Map(rows.map(({ item, run }) => [item, run]));
  }

  /** Moves the waiting items of a run to the front of the queue. */
  prioritizeRun(run: number): void {
    transaction(this.#database, () => {
      this.#database
        .prepare("UPDATE run_items SET priority = ? WHERE run_id = ? AND state = 'waiting'")
        .run(this.#highestPriority() + 1, run);
    });
  }

  /** Moves the waiting items of these images to the front of the queue. */
  prioritize(images: readonly number[]): void {
    transaction(this.#database, () => {
      const highest = this.#highestPriority();
      const raise = this.#database.prepare(
        `UPDATE run_items SET priority = ? WHERE image_id = ? AND state = 'waiting' AND run_id IN (${ACTIVE})`,
      );
      for (const image of images) raise.run(highest + 1, image);
    });
  }

  #highestPriority(): number {
    const highest = this.#database
      .prepare<[], number | null>(
        `SELECT max(priority) FROM run_items WHERE state = 'waiting' AND run_id IN (${ACTIVE})`,
      )
      .pluck()
      .get();
    return highest ?? 0;
  }
}

function rowToItem({ code, message, ...row }: ItemRow): RunItem {
  return { ...row, error: code === null ? null : { code, message: message ?? '' } };
}

const now = () => new Date().toISOString();
