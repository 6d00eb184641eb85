import type { Statement } from 'better-sqlite3';
import { type Connection, transaction } from './database.ts';

/** Metrics or a histogram of a method and class, cached under a hash of their inputs. */
export interface StoredEvaluation {
  /** SHA-256, in hexadecimal. */
  key: string;
  dataset: number;
  method: number;
  textureClass: string;
  /** JSON of the metrics or the histogram. */
  outcome: string;
  /** Blob of the full curves; null for a histogram. */
  curves: string | null;
}

/** The cache of evaluations. Rows never change, because each combination of inputs has its own key. */
export class EvaluationTable {
  readonly #database: Connection;
  readonly #byKey: Statement<[string], StoredEvaluation>;
  readonly #insert: Statement<[object]>;
  readonly #prune: Statement<[object], Pick<StoredEvaluation, 'curves'>>;

  constructor(database: Connection) {
    this.#database = database;
    this.#byKey = database.prepare(
      `SELECT key, dataset_id AS dataset, method_id AS method, texture_class AS textureClass, outcome, curves
       FROM evaluations WHERE key = ?`,
    );
    this.#insert = database.prepare(
      `INSERT INTO evaluations (key, dataset_id, method_id, texture_class, outcome, curves, created_at)
       VALUES (@key, @dataset, @method, @textureClass, @outcome, @curves, @now) ON CONFLICT DO NOTHING`,
    );
    const ofClass = 'dataset_id = @dataset AND method_id = @method AND texture_class = @textureClass';
    this.#prune = database.prepare(
      `DELETE FROM evaluations WHERE ${ofClass} AND key NOT IN
         (SELECT key FROM evaluations WHERE ${ofClass} ORDER BY created_at DESC LIMIT @kept) RETURNING curves`,
    );
  }

  /**
   * Removes all but the newest evaluations of a class and method.
   *
   * @returns the blobs of the removed curves
   */
  prune({ dataset, method, textureClass }: StoredEvaluation, kept: number): string[] {
    return transaction(this.#database, () =>
      this.#prune.all({ dataset, method, textureClass, kept }).flatMap(({ curves }) => curves ?? []),
    );
  }

  find(key: string): StoredEvaluation | undefined {
    return this.#byKey.get(key);
  }

  /** Adds an evaluation whose curves are stored. */
  add(evaluation: StoredEvaluation): void {
    transaction(this.#database, () => this.#insert.run({ ...evaluation, now: new Date().toISOString() }));
  }
}
