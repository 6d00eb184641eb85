import { EventEmitter } from 'node:events';
import type { Statement } from 'better-sqlite3';
import type { PieceMessage } from '../common/api/decision-message.ts';
import type { ErrorReport } from '../common/api/errors.ts';
import { MAX_PENDING } from '../common/api/outputs.ts';
import { type Connection, transaction } from './database.ts';

/** An undelivered message of an output. */
export interface PendingMessage {
  id: number;
  message: PieceMessage;
}

/** Undelivered messages. They leave in order, each after its delivery, so that a message may be delivered twice, but none is lost. */
export class Outbox {
  readonly #database: Connection;
  readonly #wanting: Statement<[number], { id: number; pending: number }>;
  readonly #insert: Statement<[number, string, string, string]>;
  readonly #dropOldest: Statement<[number]>;
  readonly #count: Statement<[{ id: number; added: number; dropped: number }]>;
  readonly #next: Statement<[number, number], { id: number; message: string }>;
  readonly #due: Statement<[number], number>;
  readonly #delete: Statement<[number]>;
  readonly #settle: Statement<[object]>;
  readonly #fail: Statement<[object]>;
  readonly #lease: Statement<[object]>;
  readonly #release: Statement<[number, string]>;
  readonly #owner: Statement<[number], string | null>;
  /** Emits `added` during the transaction that adds a message. */
  readonly changes = new EventEmitter<{ added: [] }>();

  constructor(database: Connection) {
    this.#database = database;
    this.#wanting = database.prepare('SELECT id, pending FROM outputs WHERE station_id = ? AND enabled = 1');
    this.#insert = database.prepare(
      'INSERT INTO outbox (output_id, message_id, message, created_at) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING',
    );
    this.#dropOldest = database.prepare(
      'DELETE FROM outbox WHERE id = (SELECT id FROM outbox WHERE output_id = ? ORDER BY id LIMIT 1)',
    );
    this.#count = database.prepare(
      'UPDATE outputs SET pending = pending + @added - @dropped, dropped = dropped + @dropped WHERE id = @id',
    );
    this.#next = database.prepare('SELECT id, message FROM outbox WHERE output_id = ? ORDER BY id LIMIT ?');
    this.#due = database
      .prepare<[number], number>(
        'SELECT id FROM outputs WHERE enabled = 1 AND pending > 0 AND coalesce(next_attempt_at_ms, 0) <= ?',
      )
      .pluck();
    this.#delete = database.prepare('DELETE FROM outbox WHERE id = ?');
    this.#settle = database.prepare(
      `UPDATE outputs SET pending = pending - @removed, refused = refused + @refused, attempts = 0, next_attempt_at_ms = NULL,
         delivered_at = coalesce(@deliveredAt, delivered_at), error = @error, error_at = @errorAt WHERE id = @id`,
    );
    this.#fail = database.prepare(
      `UPDATE outputs SET attempts = attempts + 1, error = @error, error_at = @now,
         next_attempt_at_ms = @nowMs + min(@longest, @first * (1 << min(attempts, 20))) WHERE id = @id`,
    );
    this.#lease = database.prepare(
      `UPDATE outputs SET lease_owner = @owner, lease_expires_at_ms = @until WHERE id = @id
         AND (lease_owner IS NULL OR lease_owner = @owner OR lease_owner = @dead OR lease_expires_at_ms < @now)`,
    );
    this.#release = database.prepare(
      'UPDATE outputs SET lease_owner = NULL, lease_expires_at_ms = NULL WHERE id = ? AND lease_owner = ?',
    );
    this.#owner = database
      .prepare<[number], string | null>('SELECT lease_owner FROM outputs WHERE id = ?')
      .pluck();
  }

  /** Whether an output of a station takes messages. */
  isWanted(station: number): boolean {
    return this.#wanting.get(station) !== undefined;
  }

  /** Adds a message to each enabled output of a station, as part of the caller's transaction. An added one is not added again. */
  add(station: number, message: PieceMessage): void {
    transaction(this.#database, () => {
      const json = JSON.stringify(message);
      const now = new Date().toISOString();
      for (const { id, pending } of this.#wanting.all(station)) {
        const added = this.#insert.run(id, message.id, json, now).changes;
        if (added === 0) continue;
        const dropped = pending >= MAX_PENDING ? this.#dropOldest.run(id).changes : 0;
        this.#count.run({ id, added, dropped });
        this.changes.emit('added');
      }
    });
  }

  /** Outputs with messages to deliver now. */
  due(now = Date.now()): number[] {
    return this.#due.all(now);
  }

  /** The oldest undelivered messages of an output. */
  next(output: number, count: number): PendingMessage[] {
    return this.#next
      .all(output, count)
      .map(({ id, message }) => ({ id, message: JSON.parse(message) as PieceMessage }));
  }

  /** Removes delivered messages. */
  settle(output: number, ids: readonly number[]): void {
    const now = new Date().toISOString();
    this.#remove(output, ids, { refused: 0, deliveredAt: now, error: null, errorAt: null });
  }

  /** Removes a message that the receiver refused for good. */
  refuse(output: number, id: number, error: ErrorReport): void {
    const now = new Date().toISOString();
    this.#remove(output, [id], { refused: 1, deliveredAt: null, error: JSON.stringify(error), errorAt: now });
  }

  /** Schedules the next attempt after `first` ms, twice as late after each failed one, and at most after `longest` ms. */
  postpone(output: number, error: ErrorReport, { first, longest }: { first: number; longest: number }): void {
    const now = new Date();
    const at = { nowMs: now.getTime(), now: now.toISOString() };
    transaction(this.#database, () =>
      this.#fail.run({ id: output, error: JSON.stringify(error), first, longest, ...at }),
    );
  }

  /**
   * Takes or renews the lease on an output, so that one process at a time delivers, in order.
   *
   * @param isDead whether the owner of another lease is a process that ended
   */
  lease(output: number, owner: string, ms: number, isDead: (owner: string) => boolean): boolean {
    return transaction(this.#database, () => {
      const held = this.#owner.get(output) ?? null;
      const dead = held !== null && held !== owner && isDead(held) ? held : null;
      const now = Date.now();
      return this.#lease.run({ id: output, owner, dead, now, until: now + ms }).changes === 1;
    });
  }

  release(output: number, owner: string): void {
    transaction(this.#database, () => this.#release.run(output, owner));
  }

  #remove(output: number, ids: readonly number[], state: object): void {
    transaction(this.#database, () => {
      // A message may have been dropped, or the output removed, during its delivery.
      const removed = ids.reduce((sum, id) => sum + this.#delete.run(id).changes, 0);
      this.#settle.run({ id: output, removed, ...state });
    });
  }
}
