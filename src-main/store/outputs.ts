import type { Statement } from 'better-sqlite3';
import { type ErrorReport, PerchError } from '../common/api/errors.ts';
import type { Output, OutputTarget } from '../common/api/outputs.ts';
import { canonicalJson } from '../common/canonical-json.ts';
import { type Connection, transaction } from './database.ts';

type OutputRow = Omit<Output, 'target' | 'hasSecret' | 'enabled' | 'lastError' | 'nextAttemptAt'> & {
  target: string;
  secretAt: string | null;
  enabled: 0 | 1;
  error: string | null;
  errorAt: string | null;
  nextAttemptMs: number | null;
};

const select = `SELECT id, station_id AS station, target, secret_at AS secretAt, enabled, pending,
  (SELECT created_at FROM outbox WHERE output_id = outputs.id ORDER BY outbox.id LIMIT 1) AS pendingSince, refused, dropped,
  delivered_at AS deliveredAt, error, error_at AS errorAt, next_attempt_at_ms AS nextAttemptMs FROM outputs`;

/** The outputs of stations. */
export class OutputTable {
  readonly #database: Connection;
  readonly #all: Statement<[], OutputRow>;
  readonly #ofStation: Statement<[number], OutputRow>;
  readonly #byId: Statement<[number], OutputRow>;
  readonly #version: Statement<[number], string>;

  constructor(database: Connection) {
    this.#database = database;
    this.#all = database.prepare(`${select} ORDER BY station_id, id`);
    this.#ofStation = database.prepare(`${select} WHERE station_id = ? ORDER BY id`);
    this.#byId = database.prepare(`${select} WHERE id = ?`);
    this.#version = database
      .prepare<[number], string>(
        `SELECT target || coalesce(secret_at, '') FROM outputs WHERE id = ? AND enabled = 1`,
      )
      .pluck();
  }

  /** By station, in the order in which they were added. */
  list(station?: number): Output[] {
    const rows = station === undefined ? this.#all.all() : this.#ofStation.all(station);
    return rows.map(rowToOutput);
  }

  /** @throws PerchError `NOT_FOUND` */
  get(id: number): Output {
    const row = this.#byId.get(id);
    if (row) return rowToOutput(row);
    throw new PerchError('NOT_FOUND', `There is no output ${id}. It may have been removed.`);
  }

  /** @throws PerchError `NOT_FOUND` if there is no such station, `CONFLICT` if it has the target already or moves its files */
  add(station: number, target: OutputTarget, hasSecret: boolean): Output {
    return transaction(this.#database, () => {
      this.#assertPossible(station, target);
      const now = new Date().toISOString();
      const { lastInsertRowid } = this.#database
        .prepare('INSERT INTO outputs (station_id, target, secret_at, created_at) VALUES (?, ?, ?, ?)')
        .run(station, canonicalJson(target), hasSecret ? now : null, now);
      return this.get(Number(lastInsertRowid));
    });
  }

  /** Changes what is given. The next attempt is made at once. @throws as `add` */
  change(
    id: number,
    { target, hasSecret, enabled }: { target?: OutputTarget; hasSecret?: boolean; enabled?: boolean },
  ): Output {
    return transaction(this.#database, () => {
      const { station } = this.get(id);
      if (target) {
        this.#assertPossible(station, target, id);
        this.#set('target', canonicalJson(target), id);
      }
      if (hasSecret !== undefined) this.#set('secret_at', hasSecret ? new Date().toISOString() : null, id);
      if (enabled !== undefined) this.#set('enabled', Number(enabled), id);
      this.#set('next_attempt_at_ms', null, id);
      return this.get(id);
    });
  }

  /** Changes with an output's target, secret and state; undefined once it is disabled or removed. */
  version(id: number): string | undefined {
    return this.#version.get(id);
  }

  /** Removes an output and its undelivered messages. */
  remove(id: number): void {
    transaction(this.#database, () => this.#database.prepare('DELETE FROM outputs WHERE id = ?').run(id));
  }

  /** Folders that a station moves or copies its files to. Files in them are not pieces. */
  foldersOf(station: number): string[] {
    return this.list(station).flatMap(({ target }) => transferFolders(target));
  }

  #set(column: string, value: string | number | null, id: number): void {
    this.#database.prepare(`UPDATE outputs SET ${column} = ? WHERE id = ?`).run(value, id);
  }

  #assertPossible(station: number, target: OutputTarget, own?: number): void {
    const others = this.list(station).filter(({ id }) => id !== own);
    if (others.some((other) => canonicalJson(other.target) === canonicalJson(target)))
      throw new PerchError('CONFLICT', 'The station already has this output. Change or remove that one.');
    if (target.type === 'move' && others.some((other) => other.target.type === 'move'))
      throw new PerchError('CONFLICT', 'The station already moves its files. Change or remove that output.');
  }
}

/** The folders of an output that moves or copies files. */
export function transferFolders(target: OutputTarget): string[] {
  return 'folders' in target ? Object.values(target.folders).filter((folder) => folder !== null) : [];
}

function rowToOutput({
  target,
  secretAt,
  enabled,
  error,
  errorAt,
  nextAttemptMs,
  ...row
}: OutputRow): Output {
  return {
    ...row,
    target: JSON.parse(target) as OutputTarget,
    hasSecret: secretAt !== null,
    enabled: enabled === 1,
    lastError:
      error === null || errorAt === null ? null : { at: errorAt, error: JSON.parse(error) as ErrorReport },
    nextAttemptAt: nextAttemptMs === null ? null : new Date(nextAttemptMs).toISOString(),
  };
}
