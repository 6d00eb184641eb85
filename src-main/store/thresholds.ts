import type { Statement } from 'better-sqlite3';
import type { Threshold } from '../common/api/settings.ts';
import { type Connection, transaction } from './database.ts';

/** Thresholds that the user set for classes and methods. */
export class ThresholdTable {
  readonly #database: Connection;
  readonly #of: Statement<[number, number], Threshold>;
  readonly #set: Statement<[number, number, string, number]>;
  readonly #remove: Statement<[number, number, string]>;

  constructor(database: Connection) {
    this.#database = database;
    this.#of = database.prepare(
      `SELECT texture_class AS textureClass, score FROM thresholds
       WHERE dataset_id = ? AND method_id = ? ORDER BY texture_class`,
    );
    this.#set = database.prepare(
      `INSERT INTO thresholds (dataset_id, method_id, texture_class, score) VALUES (?, ?, ?, ?)
       ON CONFLICT DO UPDATE SET score = excluded.score`,
    );
    this.#remove = database.prepare(
      'DELETE FROM thresholds WHERE dataset_id = ? AND method_id = ? AND texture_class = ?',
    );
  }

  listByMethod(dataset: number, method: number): Threshold[] {
    return this.#of.all(dataset, method);
  }

  /** A null score removes the threshold. */
  set(dataset: number, method: number, textureClass: string, score: number | null): void {
    transaction(this.#database, () => {
      if (score === null) this.#remove.run(dataset, method, textureClass);
      else this.#set.run(dataset, method, textureClass, score);
    });
  }
}
