import type { Statement } from 'better-sqlite3';
import { PerchError } from '../common/api/errors.ts';
import type { ImageVerdict, Session, SignedVerdict } from '../common/api/sessions.ts';
import { type Connection, transaction } from './database.ts';

/** A new session. */
export interface NewSession {
  dataset: number;
  operator: string;
  /** A name is generated if it is empty. */
  name: string;
  method: number | null;
  filter: string;
  /** In the order of review, without duplicates. */
  images: readonly number[];
}

const select = `SELECT id, name, operator, dataset_id AS dataset, method_id AS method, filter,
    created_at AS createdAt, ended_at AS endedAt,
    (SELECT count(*) FROM session_images WHERE session_id = s.id) AS total,
    (SELECT count(DISTINCT image_id) FROM verdicts WHERE session_id = s.id AND revoked = 0) AS reviewed
  FROM sessions AS s`;
const newestFirst = 'ORDER BY created_at DESC, id DESC';

const imageVerdict =
  'v.image_id AS image, v.verdict, v.defect_type AS defectType, v.note, v.created_at AS at';

/**
 * Review sessions with their images and verdicts. Verdicts are added and revoked, never changed. An image's
 * current verdict is the latest one that is not revoked.
 */
export class SessionTable {
  readonly #database: Connection;
  readonly #all: Statement<[], Session>;
  readonly #ofDataset: Statement<[number], Session>;
  readonly #byId: Statement<[number], Session>;
  readonly #images: Statement<[number], number>;
  readonly #holding: Statement<[number], ImageVerdict>;
  readonly #holdingOf: Statement<[number, number], ImageVerdict>;
  readonly #times: Statement<[number], string>;
  readonly #latest: Statement<[number], { id: number; image: number }>;
  readonly #latestVerdicts: Statement<[number], SignedVerdict>;
  readonly #insertVerdict: Statement<[ImageVerdict & { session: number }]>;

  constructor(database: Connection) {
    this.#database = database;
    this.#all = database.prepare(`${select} ${newestFirst}`);
    this.#ofDataset = database.prepare(`${select} WHERE dataset_id = ? ${newestFirst}`);
    this.#byId = database.prepare(`${select} WHERE id = ?`);
    this.#images = database
      .prepare<[number], number>(
        'SELECT image_id FROM session_images WHERE session_id = ? ORDER BY sort_index',
      )
      .pluck();
    this.#holding = database.prepare(
      `SELECT ${imageVerdict} FROM verdicts AS v JOIN session_images AS s USING (session_id, image_id)
       WHERE v.id IN (SELECT max(id) FROM verdicts WHERE session_id = ? AND revoked = 0 GROUP BY image_id)
       ORDER BY s.sort_index`,
    );
    this.#holdingOf = database.prepare(
      `SELECT ${imageVerdict} FROM verdicts AS v
       WHERE session_id = ? AND image_id = ? AND revoked = 0 ORDER BY id DESC LIMIT 1`,
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
    this.#insertVerdict = database.prepare(
      `INSERT INTO verdicts (session_id, image_id, verdict, defect_type, note, created_at)
       VALUES (@session, @image, @verdict, @defectType, @note, @at)`,
    );
  }

  /** Newest first. */
  list(): Session[] {
    return this.#all.all();
  }

  /** Newest first. */
  listByDataset(dataset: number): Session[] {
    return this.#ofDataset.all(dataset);
  }

  /** @throws PerchError `NOT_FOUND` */
  get(id: number): Session {
    const found = this.#byId.get(id);
    if (found) return found;
    throw new PerchError('NOT_FOUND', `Review ${id} does not exist. It may have been removed.`);
  }

  /** @throws PerchError `INVALID_ARGUMENT` if an image is not in the dataset */
  add({ images, ...session }: NewSession): Session {
    return transaction(this.#database, () => {
      const { lastInsertRowid } = this.#database
        .prepare(
          `INSERT INTO sessions (name, operator, dataset_id, method_id, filter, created_at)
           VALUES (@name, @operator, @dataset, @method, @filter, @now)`,
        )
        .run({ ...session, now: now() });
      const id = Number(lastInsertRowid);
      if (session.name === '')
        this.#database.prepare('UPDATE sessions SET name = ? WHERE id = ?').run(`Review ${id}`, id);
      const include = this.#database.prepare(
        `INSERT INTO session_images (session_id, sort_index, image_id)
         SELECT ?, ?, id FROM images WHERE id = ? AND dataset_id = ?`,
      );
      images.forEach((image, sortIndex) => {
        if (include.run(id, sortIndex, image, session.dataset).changes === 1) return;
        throw new PerchError(
          'INVALID_ARGUMENT',
          `Image ${image} is no longer in this dataset. Choose the images again.`,
        );
      });
      return this.get(id);
    });
  }

  /** Image ids, in review order. */
  listImages(id: number): number[] {
    return this.#images.all(id);
  }

  /** The current verdict of each reviewed image, in review order. */
  listVerdicts(id: number): ImageVerdict[] {
    return this.#holding.all(id);
  }

  /** Times of the verdicts that are not revoked, in order. */
  listTimes(id: number): string[] {
    return this.#times.all(id);
  }

  /** Each image's latest verdict over all sessions, in dataset order. */
  listLatestVerdicts(dataset: number): SignedVerdict[] {
    return this.#latestVerdicts.all(dataset);
  }

  /**
   * Adds a verdict, unless it equals the current one, so that a call can be retried.
   *
   * @throws PerchError `NOT_FOUND`, `CONFLICT` if the session is finished, `INVALID_ARGUMENT` if the image is not in it
   */
  addVerdict(id: number, said: Omit<ImageVerdict, 'at'>): ImageVerdict {
    return transaction(this.#database, () => {
      this.#assertOpen(id);
      const { image, verdict, defectType, note } = said;
      const member = this.#database.prepare(
        'SELECT 1 FROM session_images WHERE session_id = ? AND image_id = ?',
      );
      if (!member.get(id, image))
        throw new PerchError(
          'INVALID_ARGUMENT',
          `Image ${image} is not part of session ${id}. Choose an image of the session.`,
        );
      const holding = this.#holdingOf.get(id, image);
      if (holding?.verdict === verdict && holding.defectType === defectType && holding.note === note)
        return holding;
      const made = { image, verdict, defectType, note, at: now() };
      this.#insertVerdict.run({ ...made, session: id });
      return made;
    });
  }

  /**
   * Revokes the latest verdict.
   *
   * @returns its image and the verdict that is now current; nulls if there was nothing to revoke
   * @throws PerchError `NOT_FOUND`, `CONFLICT` if the session is finished
   */
  undo(id: number): { image: number | null; imageVerdict: ImageVerdict | null } {
    return transaction(this.#database, () => {
      this.#assertOpen(id);
      const latest = this.#latest.get(id);
      if (!latest) return { image: null, imageVerdict: null };
      this.#database.prepare('UPDATE verdicts SET revoked = 1 WHERE id = ?').run(latest.id);
      return { image: latest.image, imageVerdict: this.#holdingOf.get(id, latest.image) ?? null };
    });
  }

  /** Finishes a session; repeating it has no effect. @throws PerchError `NOT_FOUND` */
  finish(id: number): Session {
    return this.#changed('UPDATE sessions SET ended_at = coalesce(ended_at, @now) WHERE id = @id', id);
  }

  /** @throws PerchError `NOT_FOUND` */
  reopen(id: number): Session {
    return this.#changed('UPDATE sessions SET ended_at = NULL WHERE id = @id', id);
  }

  /** @throws PerchError `NOT_FOUND` */
  remove(id: number): void {
    transaction(this.#database, () => {
      this.get(id);
      this.#database.prepare('DELETE FROM sessions WHERE id = ?').run(id);
    });
  }

  #changed(sql: string, id: number): Session {
    return transaction(this.#database, () => {
      this.#database.prepare(sql).run({ id, now: now() });
      return this.get(id);
    });
  }

  #assertOpen(id: number): void {
    const { name, endedAt } = this.get(id);
    if (endedAt === null) return;
    throw new PerchError('CONFLICT', `The session "${name}" is finished. Reopen it to change verdicts.`);
  }
}

const now = () => new Date().toISOString();
