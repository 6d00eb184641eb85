import type { Statement } from 'better-sqlite3';
import { PerchError } from '../common/api/errors.ts';
import type { ImageVerdict, SignedVerdict, Verdict } from '../common/api/sessions.ts';
import { type Connection, transaction } from './database.ts';
import type { SessionTable } from './sessions.ts';

const imageVerdict =
  'v.image_id AS image, v.verdict, v.defect_type AS defectType, v.note, v.created_at AS at';

/**
 * Verdicts of review sessions. They are added and revoked, never changed. An image's current verdict is the latest one
 * that is not revoked.
 */
export class VerdictTable {
  readonly #database: Connection;
  readonly #sessions: SessionTable;
  readonly #holding: Statement<[number], ImageVerdict>;
  readonly #currentOf: Statement<[number, number], ImageVerdict>;
  readonly #first: Statement<[number], { image: number; verdict: Verdict }>;
  readonly #times: Statement<[number], string>;
  readonly #latest: Statement<[number], { id: number; image: number }>;
  readonly #latestVerdicts: Statement<[number], SignedVerdict>;
  readonly #insert: Statement<[ImageVerdict & { session: number }]>;

  constructor(database: Connection, sessions: SessionTable) {
    this.#database = database;
    this.#sessions = sessions;
    this.#holding = database.prepare(
      `SELECT ${imageVerdict} FROM verdicts AS v JOIN session_images AS s USING (session_id, image_id)
       WHERE v.id IN (SELECT max(id) FROM verdicts WHERE session_id = ? AND revoked = 0 GROUP BY image_id)
       ORDER BY s.sort_index`,
    );
    this.#currentOf = database.prepare(
      `SELECT ${imageVerdict} FROM verdicts AS v
       WHERE session_id = ? AND image_id = ? AND revoked = 0 ORDER BY id DESC LIMIT 1`,
    );
    this.#first = database.prepare(
      `SELECT image_id AS image, verdict FROM verdicts
       WHERE id IN (SELECT min(id) FROM verdicts WHERE session_id = ? GROUP BY image_id)`,
    );
    this.#times = database
      .prepare<[number], string>(
        'SELECT created_at FROM verdicts WHERE session_id = ? AND revoked = 0 ORDER BY id',
      )
      .pluck();
    this.#latest = database.prepare(
      `SELECT id, image_id AS image FROM verdicts
       WHERE session_id = ? AND revoked = 0 ORDER BY id DESC LIMIT 1`,
    );
    this.#latestVerdicts = database.prepare(
      `SELECT ${imageVerdict}, s.id AS session, s.name AS sessionName, s.operator
       FROM verdicts AS v JOIN images AS i ON i.id = v.image_id JOIN sessions AS s ON s.id = v.session_id
       WHERE v.id IN (SELECT max(o.id) FROM verdicts AS o JOIN images ON images.id = o.image_id
                      WHERE dataset_id = ? AND revoked = 0 GROUP BY o.image_id)
       ORDER BY i.sort_index`,
    );
    this.#insert = database.prepare(
      `INSERT INTO verdicts (session_id, image_id, verdict, defect_type, note, created_at)
       VALUES (@session, @image, @verdict, @defectType, @note, @at)`,
    );
  }

  /** The current verdict of each reviewed image of a session, in review order. */
  list(session: number): ImageVerdict[] {
    return this.#holding.all(session);
  }

  /** The first verdict of each image in a session, even if it was revoked. */
  listFirst(session: number): ReadonlyMap<number, Verdict> {
    return new Map(this.#first.all(session).map(({ image, verdict }) => [image, verdict]));
  }

  /** Times of a session's verdicts that are not revoked, in order. */
  listTimes(session: number): string[] {
    return this.#times.all(session);
  }

  /** Each image's latest verdict over all sessions, in dataset order. */
  listLatest(dataset: number): SignedVerdict[] {
    return this.#latestVerdicts.all(dataset);
  }

  /**
   * Adds a verdict, unless it equals the current one, so that a call can be retried.
   *
   * @throws PerchError `NOT_FOUND`, `CONFLICT` if the session is finished, `INVALID_ARGUMENT` if the image is not in it
   */
  add(session: number, said: Omit<ImageVerdict, 'at'>): ImageVerdict {
    return transaction(this.#database, () => {
      this.#sessions.assertOpen(session);
      const { image, verdict, defectType, note } = said;
      const member = this.#database.prepare(
        'SELECT 1 FROM session_images WHERE session_id = ? AND image_id = ?',
      );
      if (!member.get(session, image))
        throw new PerchError(
          'INVALID_ARGUMENT',
          `Image ${image} is not part of session ${session}. Choose an image of the session.`,
        );
      const current = this.#currentOf.get(session, image);
      if (current?.verdict === verdict && current.defectType === defectType && current.note === note)
        return current;
      const added = { image, verdict, defectType, note, at: new Date().toISOString() };
      this.#insert.run({ ...added, session });
      return added;
    });
  }

  /**
   * Revokes the latest verdict of a session.
   *
   * @returns its image and the verdict that is now current; nulls if there was nothing to revoke
   * @throws PerchError `NOT_FOUND`, `CONFLICT` if the session is finished
   */
  undo(session: number): { image: number | null; imageVerdict: ImageVerdict | null } {
    return transaction(this.#database, () => {
      this.#sessions.assertOpen(session);
      const latest = this.#latest.get(session);
      if (!latest) return { image: null, imageVerdict: null };
      this.#database.prepare('UPDATE verdicts SET revoked = 1 WHERE id = ?').run(latest.id);
      return { image: latest.image, imageVerdict: this.#currentOf.get(session, latest.image) ?? null };
    });
  }
}
