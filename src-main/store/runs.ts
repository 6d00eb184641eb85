import type { Statement } from 'better-sqlite3';
import { PerchError } from '../common/api/errors.ts';
import type { Run, RunPlace, RunState } from '../common/api/runs.ts';
import type { ProviderChoice } from '../common/api/schemas.ts';
import { type Connection, transaction } from './database.ts';

/** A stored run: methods on test images of a dataset. */
export interface StoredRun {
  id: number;
  dataset: number;
  /** Null selects all. */
  classes: string[] | null;
  provider: ProviderChoice;
  place: RunPlace;
  state: RunState;
  /** The device in use; empty before the first result. */
  device: string;
  /**
   * The worker that holds the lease, and the time when the lease expires (ms since 1970); null if no worker
   * holds it.
   */
  leaseOwner: string | null;
  leaseExpiresAtMs: number | null;
  createdAt: string;
  startedAt: string | null;
  endedAt: string | null;
  /** Classes that its methods skip. */
  skipped: Run['skipped'];
}

type NewRun = Pick<StoredRun, 'dataset' | 'classes' | 'provider'> &
  Partial<Pick<StoredRun, 'skipped' | 'place'>>;

/** A new item; `done` if its result already exists. */
export interface NewRunItem {
  image: number;
  method: number;
  done: boolean;
}

/** Duration of a lease. */
export const LEASE_MS = 15_000;

type RunRow = Omit<StoredRun, 'classes' | 'skipped'> & { classes: string | null; skipped: string };

const select = `SELECT id, dataset_id AS dataset, classes, provider, place, state, device, lease_owner AS leaseOwner, lease_expires_at_ms AS leaseExpiresAtMs,
    created_at AS createdAt, started_at AS startedAt, ended_at AS endedAt, skipped
  FROM runs`;

const UNFINISHED = "state IN ('waiting', 'running')";

/**
 * Runs and their leases. At most one worker holds the lease of a run. It expires after `LEASE_MS` unless it is renewed. An
 * item is `running` only while its run is leased.
 */
export class RunTable {
  readonly #database: Connection;
  readonly #all: Statement<[], RunRow>;
  readonly #byId: Statement<[number], RunRow>;
  readonly #unfinished: Statement<[], RunRow>;
  readonly #own: Statement<[object]>;
  readonly #putBack: Statement<[number]>;

  constructor(database: Connection) {
    this.#database = database;
    this.#all = database.prepare(`${select} ORDER BY id DESC`);
    this.#byId = database.prepare(`${select} WHERE id = ?`);
    this.#unfinished = database.prepare(`${select} WHERE ${UNFINISHED} ORDER BY id`);
    this.#own = database.prepare(
      'UPDATE runs SET lease_owner = @owner, lease_expires_at_ms = @until WHERE id = @id',
    );
    this.#putBack = database.prepare(
      "UPDATE run_items SET state = 'waiting' WHERE run_id = ? AND state = 'running'",
    );
  }

  /** Newest first. */
  list(): StoredRun[] {
    return this.#all.all().map(rowToRun);
  }

  /** @throws PerchError `NOT_FOUND` */
  get(id: number): StoredRun {
    const row = this.#byId.get(id);
    if (row) return rowToRun(row);
    throw new PerchError('NOT_FOUND', `Run ${id} does not exist. It may have been removed.`);
  }

  /** Adds a run that `owner` holds. Its items run in the given order. A run without unfinished items is done. */
  add(
    { dataset, classes, provider, skipped = [], place = 'here' }: NewRun,
    items: Iterable<NewRunItem>,
    owner: string,
  ): number {
    return transaction(this.#database, () => {
      const id = Number(
        this.#database
          .prepare(
            `INSERT INTO runs (dataset_id, classes, provider, skipped, place, state, created_at) VALUES (?, ?, ?, ?, ?, 'waiting', ?)`,
          )
          .run(dataset, classes && JSON.stringify(classes), provider, JSON.stringify(skipped), place, now())
          .lastInsertRowid,
      );
      const insert = this.#database.prepare(
        'INSERT INTO run_items (run_id, image_id, method_id, state) VALUES (?, ?, ?, ?)',
      );
      for (const { image, method, done } of items) insert.run(id, image, method, done ? 'done' : 'waiting');
      this.#own.run({ id, owner, until: Date.now() + LEASE_MS });
      this.finishIfDone(id);
      return id;
    });
  }

  /** Finishes a run without unfinished items. */
  finishIfDone(id: number): void {
    this.#database
      .prepare(
        `UPDATE runs SET state = 'done', ended_at = @now, lease_owner = NULL, lease_expires_at_ms = NULL
         WHERE id = @id AND ${UNFINISHED}
           AND NOT EXISTS (SELECT 1 FROM run_items WHERE run_id = @id AND state IN ('waiting', 'running'))`,
      )
      .run({ id, now: now() });
  }

  /**
   * Claims unfinished runs whose lease has expired or whose worker is dead, and requeues the items that were running.
   */
  claimOrphans(owner: string, isProcessDead: (owner: string) => boolean): void {
    const abandoned = () =>
      this.#unfinished.all().filter((run) => run.leaseOwner !== owner && !isLeased(run, isProcessDead));
    if (abandoned().length === 0) return;
    transaction(this.#database, () => {
      for (const { id } of abandoned()) this.#takeOver(id, owner);
    });
  }

  /** Renews the leases of `owner`. */
  renewLeases(owner: string): void {
    if (!this.#unfinished.all().some((run) => run.leaseOwner === owner)) return;
    transaction(this.#database, () => {
      this.#database
        .prepare('UPDATE runs SET lease_expires_at_ms = ? WHERE lease_owner = ?')
        .run(Date.now() + LEASE_MS, owner);
    });
  }

  /** Releases all leases of `owner`, so that another worker can claim the runs. */
  releaseAll(owner: string): void {
    transaction(this.#database, () => {
      for (const run of this.#unfinished.all())
        if (run.leaseOwner === owner) this.#releaseLease(run.id, 'waiting');
    });
  }

  /** Pauses an unfinished run. @throws PerchError `NOT_FOUND` */
  pause(id: number): void {
    transaction(this.#database, () => {
      if (isUnfinished(this.get(id))) this.#releaseLease(id, 'paused');
    });
  }

  /**
   * Resumes a paused or orphaned run. Does not change a run that another worker holds.
   *
   * @throws PerchError `NOT_FOUND`
   */
  resume(id: number, owner: string, isProcessDead: (owner: string) => boolean): void {
    transaction(this.#database, () => {
      const run = this.get(id);
      if (run.state === 'paused' || (isUnfinished(run) && !isLeased(run, isProcessDead)))
        this.#takeOver(id, owner);
      this.finishIfDone(id);
    });
  }

  /** Cancels an unfinished run permanently. @throws PerchError `NOT_FOUND` */
  cancel(id: number): void {
    transaction(this.#database, () => {
      const { state } = this.get(id);
      if (state === 'done' || state === 'canceled') return;
      this.#releaseLease(id, 'canceled');
      this.#database
        .prepare("UPDATE run_items SET state = 'canceled' WHERE run_id = ? AND state = 'waiting'")
        .run(id);
      this.#database.prepare('UPDATE runs SET ended_at = ? WHERE id = ?').run(now(), id);
    });
  }

  /** Requeues failed and canceled items. @throws PerchError `NOT_FOUND` */
  retry(id: number, owner: string, isProcessDead: (owner: string) => boolean): void {
    transaction(this.#database, () => {
      const run = this.get(id);
      const { changes } = this.#database
        .prepare(
          `UPDATE run_items SET state = 'waiting', error_code = NULL, error_message = NULL
           WHERE run_id = ? AND state IN ('failed', 'canceled')`,
        )
        .run(id);
      if (changes === 0 || isLeased(run, isProcessDead)) return;
      this.#takeOver(id, owner);
      this.#database.prepare('UPDATE runs SET ended_at = NULL WHERE id = ?').run(id);
    });
  }

  /** @throws PerchError `NOT_FOUND` */
  remove(id: number): void {
    transaction(this.#database, () => {
      this.get(id);
      this.#database.prepare('DELETE FROM runs WHERE id = ?').run(id);
    });
  }

  /** Records the device that computed the first result. */
  setDevice(id: number, device: string): void {
    this.#database.prepare("UPDATE runs SET device = ? WHERE id = ? AND device = ''").run(device, id);
  }

  #takeOver(id: number, owner: string): void {
    this.#releaseLease(id, 'waiting');
    this.#own.run({ id, owner, until: Date.now() + LEASE_MS });
  }

  #releaseLease(id: number, state: RunState): void {
    this.#putBack.run(id);
    this.#database
      .prepare('UPDATE runs SET state = ?, lease_owner = NULL, lease_expires_at_ms = NULL WHERE id = ?')
      .run(state, id);
  }
}

/** Whether a live worker holds the lease of a run. */
export function isLeased(
  { leaseOwner, leaseExpiresAtMs }: Pick<StoredRun, 'leaseOwner' | 'leaseExpiresAtMs'>,
  isProcessDead: (owner: string) => boolean,
): boolean {
  return leaseOwner !== null && (leaseExpiresAtMs ?? 0) > Date.now() && !isProcessDead(leaseOwner);
}

function isUnfinished({ state }: Pick<StoredRun, 'state'>): boolean {
  return state === 'waiting' || state === 'running';
}

function rowToRun(row: RunRow): StoredRun {
  return {
    ...row,
    classes: row.classes === null ? null : (JSON.parse(row.classes) as string[]),
    skipped: JSON.parse(row.skipped) as Run['skipped'],
  };
}

const now = () => new Date().toISOString();
