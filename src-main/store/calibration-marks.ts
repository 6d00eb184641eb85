import type { Statement } from 'better-sqlite3';
import { type Connection, transaction } from './database.ts';

/** A person's mark that an image is good for calibration. */
export interface CalibrationMark {
  image: number;
  author: string;
  at: string;
}

/** Images that a person marked as good for calibration. */
export class CalibrationMarkTable {
  readonly #database: Connection;
  readonly #of: Statement<[number], CalibrationMark>;
  readonly #add: Statement<[CalibrationMark]>;
  readonly #remove: Statement<[number]>;

  constructor(database: Connection) {
    this.#database = database;
    this.#of = database.prepare(
      `SELECT image_id AS image, author, m.created_at AS at FROM calibration_marks AS m JOIN images AS i ON i.id = m.image_id
       WHERE i.dataset_id = ? ORDER BY i.sort_index`,
    );
    this.#add = database.prepare(
      `INSERT INTO calibration_marks (image_id, author, created_at) VALUES (@image, @author, @at) ON CONFLICT DO NOTHING`,
    );
    this.#remove = database.prepare('DELETE FROM calibration_marks WHERE image_id = ?');
  }

  /** In dataset order. */
  list(dataset: number): CalibrationMark[] {
    return this.#of.all(dataset);
  }

  /** Marks an image. An existing mark is kept. */
  add(image: number, author: string): void {
    transaction(this.#database, () => this.#add.run({ image, author, at: new Date().toISOString() }));
  }

  remove(image: number): void {
    transaction(this.#database, () => this.#remove.run(image));
  }
}
