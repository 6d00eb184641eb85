import type { Statement } from 'better-sqlite3';
import type { Revision } from '../common/api/annotation.ts';
import { PerchError } from '../common/api/errors.ts';
import { type Connection, transaction } from './database.ts';

/** A new revision, before it gets a number and a time. */
export type NewRevision = Omit<Revision, 'revision' | 'at'>;

const select = `SELECT image_id AS image, revision, ground_truth AS groundTruth, mask, author, source, pixels, created_at AS at
  FROM revisions WHERE image_id = ?`;

/** Revisions of ground truth. Rows never change. */
export class RevisionTable {
  readonly #database: Connection;
  readonly #all: Statement<[number], Revision>;
  readonly #latest: Statement<[number], Revision>;
  readonly #insert: Statement<[Revision]>;

  constructor(database: Connection) {
    this.#database = database;
    this.#all = database.prepare(`${select} ORDER BY revision`);
    this.#latest = database.prepare(`${select} ORDER BY revision DESC LIMIT 1`);
    this.#insert = database.prepare(
      `INSERT INTO revisions (image_id, revision, ground_truth, mask, author, source, pixels, created_at)
       VALUES (@image, @revision, @groundTruth, @mask, @author, @source, @pixels, @at)`,
    );
  }

  /** Oldest first. */
  listByImage(image: number): Revision[] {
    return this.#all.all(image);
  }

  latest(image: number): Revision | undefined {
    return this.#latest.get(image);
  }

  /**
   * Adds the next revision.
   *
   * @param base the revision that it was made from, 0 for none; if given, it must be the latest
   * @throws PerchError `CONFLICT` if it is not
   */
  add(revision: NewRevision, base?: number): Revision {
    return transaction(this.#database, () => {
      const latest = this.latest(revision.image)?.revision ?? 0;
      if (base !== undefined && base !== latest) {
        throw new PerchError(
          'CONFLICT',
          `The ground truth of this image has changed: the latest revision is ${latest}, and yours was made from ${base}. ` +
            'Review it, then save again.',
        );
      }
      const added = { ...revision, revision: latest + 1, at: new Date().toISOString() };
      this.#insert.run(added);
      return added;
    });
  }
}
