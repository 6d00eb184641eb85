import type { Statement } from 'better-sqlite3';
import type { Assessment } from '../common/api/rolls.ts';
import { type Connection, transaction } from './database.ts';

/** An assessment at a pixel of an image. */
export interface PlacedAssessment extends Assessment {
  x: number;
  y: number;
}

/** Assessments of the defects of rolls. Rows are added, never changed. */
export class RollAssessmentTable {
  readonly #database: Connection;
  readonly #of: Statement<[number], PlacedAssessment>;
  readonly #insert: Statement<[object]>;

  constructor(database: Connection) {
    this.#database = database;
    this.#of = database.prepare(
      `SELECT x, y, verdict, kind, points, reason, operator, created_at AS at
       FROM roll_assessments WHERE image_id = ? ORDER BY id`,
    );
    this.#insert = database.prepare(
      `INSERT INTO roll_assessments (image_id, x, y, verdict, kind, points, reason, operator, created_at)
       VALUES (@image, @x, @y, @verdict, @kind, @points, @reason, @operator, @at)`,
    );
  }

  /** Oldest first. */
  list(image: number): PlacedAssessment[] {
    return this.#of.all(image);
  }

  add(image: number, assessment: Omit<PlacedAssessment, 'at'>): PlacedAssessment {
    const added = { ...assessment, at: new Date().toISOString() };
    transaction(this.#database, () => this.#insert.run({ image, ...added }));
    return added;
  }
}
