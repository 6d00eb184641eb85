import type { Statement } from 'better-sqlite3';
import type { ClassScale, ScaleSource } from '../common/api/scale.ts';
import type { Scale } from '../common/scale.ts';
import { type Connection, transaction } from './database.ts';

type ScaleRow = Omit<ClassScale, 'scale'> & Scale;

/** A scale to set. */
export interface NewScale {
  scale: Scale;
  source: ScaleSource;
  /** Empty for a scale from files. */
  author: string;
}

/** The scales of classes. A class without a row has none. */
export class ClassScaleTable {
  readonly #database: Connection;
  readonly #ofDataset: Statement<[number], ScaleRow>;
  readonly #ofClass: Statement<[number, string], Scale>;
  readonly #set: Statement<[object]>;
  readonly #remove: Statement<[number, string]>;

  constructor(database: Connection) {
    this.#database = database;
    this.#ofDataset = database.prepare(
      `SELECT texture_class AS textureClass, mm_across AS across, mm_along AS along, source, author, created_at AS at
       FROM class_scales WHERE dataset_id = ? ORDER BY texture_class`,
    );
    this.#ofClass = database.prepare(
      'SELECT mm_across AS across, mm_along AS along FROM class_scales WHERE dataset_id = ? AND texture_class = ?',
    );
    this.#set = database.prepare(
      `INSERT INTO class_scales (dataset_id, texture_class, mm_across, mm_along, source, author, created_at)
       VALUES (@dataset, @textureClass, @across, @along, @source, @author, @now)
       ON CONFLICT DO UPDATE SET mm_across = excluded.mm_across, mm_along = excluded.mm_along, source = excluded.source,
         author = excluded.author, created_at = excluded.created_at`,
    );
    this.#remove = database.prepare('DELETE FROM class_scales WHERE dataset_id = ? AND texture_class = ?');
  }

  /** By class name. */
  list(dataset: number): ClassScale[] {
    return this.#ofDataset
      .all(dataset)
      .map(({ across, along, ...row }) => ({ ...row, scale: { across, along } }));
  }

  find(dataset: number, textureClass: string): Scale | null {
    return this.#ofClass.get(dataset, textureClass) ?? null;
  }

  /** Sets a class's scale, or removes it (null). */
  set(dataset: number, textureClass: string, scale: NewScale | null): void {
    transaction(this.#database, () => {
      if (!scale) return this.#remove.run(dataset, textureClass);
      const { scale: mm, ...origin } = scale;
      return this.#set.run({ dataset, textureClass, ...mm, ...origin, now: new Date().toISOString() });
    });
  }
}
