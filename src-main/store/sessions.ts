import type { Statement } from 'better-sqlite3';
import { PerchError } from '../common/api/errors.ts';
import type { Session } from '../common/api/sessions.ts';
import { type Connection, transaction } from './database.ts';
import { rowToSession, SELECT_SESSION, type SessionRow } from './session-row.ts';

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
  blind?: boolean;
  heatmapHidden?: boolean;
  group?: number;
  /** The sessions that it adjudicates. */
  adjudicates?: { first: number; second: number };
}

const newestFirst = 'ORDER BY s.created_at DESC, s.id DESC';

/** Review sessions with their images. */
export class SessionTable {
  readonly #database: Connection;
  readonly #all: Statement<[], SessionRow>;
  readonly #ofDataset: Statement<[number], SessionRow>;
  readonly #byId: Statement<[number], SessionRow>;
  readonly #images: Statement<[number], number>;
  readonly #insert: Statement<[object]>;

  constructor(database: Connection) {
    this.#database = database;
    this.#all = database.prepare(`${SELECT_SESSION} ${newestFirst}`);
    this.#ofDataset = database.prepare(`${SELECT_SESSION} WHERE s.dataset_id = ? ${newestFirst}`);
    this.#byId = database.prepare(`${SELECT_SESSION} WHERE s.id = ?`);
    this.#images = database
      .prepare<[number], number>(
        'SELECT image_id FROM session_images WHERE session_id = ? ORDER BY sort_index',
      )
      .pluck();
    this.#insert = database.prepare(
      `INSERT INTO sessions (name, operator, dataset_id, method_id, filter, blind, heatmap_hidden, group_id, created_at)
       VALUES (@name, @operator, @dataset, @method, @filter, @blind, @heatmapHidden, @group, @now)`,
    );
  }

  /** Newest first. */
  list(): Session[] {
    return this.#all.all().map(rowToSession);
  }

  /** Newest first. */
  listByDataset(dataset: number): Session[] {
    return this.#ofDataset.all(dataset).map(rowToSession);
  }

  /** @throws PerchError `NOT_FOUND` */
  get(id: number): Session {
    const found = this.#byId.get(id);
    if (found) return rowToSession(found);
    throw new PerchError('NOT_FOUND', `Review ${id} does not exist. It may have been removed.`);
  }

  /** @throws PerchError `INVALID_ARGUMENT` if an image is not in the dataset */
  add({ images, adjudicates, ...session }: NewSession): Session {
    return transaction(this.#database, () => {
      const { lastInsertRowid } = this.#insert.run({
        ...session,
        blind: Number(session.blind ?? false),
        heatmapHidden: Number(session.heatmapHidden ?? false),
        group: session.group ?? null,
        now: now(),
      });
      const id = Number(lastInsertRowid);
      if (session.name === '')
        this.#database.prepare('UPDATE sessions SET name = ? WHERE id = ?').run(`Review ${id}`, id);
      if (adjudicates)
        this.#database
          .prepare('INSERT INTO adjudications VALUES (?, ?, ?)')
          .run(id, adjudicates.first, adjudicates.second);
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

  /** Adds a session per operator, with its images, as a group. */
  addGroup(
    dataset: number,
    overlap: number,
    sessions: readonly Omit<NewSession, 'dataset' | 'group'>[],
  ): Session[] {
    return transaction(this.#database, () => {
      const { lastInsertRowid } = this.#database
        .prepare('INSERT INTO review_groups (dataset_id, overlap, created_at) VALUES (?, ?, ?)')
        .run(dataset, overlap, now());
      return sessions.map((session) => this.add({ ...session, dataset, group: Number(lastInsertRowid) }));
    });
  }

  /** Adds an image after the others, unless the session has it. */
  include(id: number, image: number): void {
    transaction(this.#database, () =>
      this.#database
        .prepare(
          `INSERT INTO session_images (session_id, sort_index, image_id)
           SELECT @id, coalesce(max(sort_index), -1) + 1, @image FROM session_images WHERE session_id = @id ON CONFLICT DO NOTHING`,
        )
        .run({ id, image }),
    );
  }

  /** Image ids, in review order. */
  listImages(id: number): number[] {
    return this.#images.all(id);
  }

  /** Finishes a session; repeating it has no effect. @throws PerchError `NOT_FOUND` */
  finish(id: number): Session {
    return this.#changed('UPDATE sessions SET ended_at = coalesce(ended_at, @now) WHERE id = @id', id);
  }

  /** @throws PerchError `NOT_FOUND` */
  reopen(id: number): Session {
    return this.#changed('UPDATE sessions SET ended_at = NULL WHERE id = @id', id);
  }

  /** @throws PerchError `NOT_FOUND`, `CONFLICT` if an adjudication refers to it */
  remove(id: number): void {
    transaction(this.#database, () => {
      const { name } = this.get(id);
      const adjudication = this.#database
        .prepare<[number, number], number>(
          'SELECT session_id FROM adjudications WHERE first_session_id = ? OR second_session_id = ?',
        )
        .pluck()
        .get(id, id);
      if (adjudication !== undefined)
        throw new PerchError(
          'CONFLICT',
          `Review ${adjudication} adjudicates the session "${name}". Remove that review first.`,
        );
      this.#database.prepare('DELETE FROM sessions WHERE id = ?').run(id);
      this.#database
        .prepare(
          'DELETE FROM review_groups WHERE NOT EXISTS (SELECT 1 FROM sessions WHERE group_id = review_groups.id)',
        )
        .run();
    });
  }

  /** @throws PerchError `NOT_FOUND`, `CONFLICT` if the session is finished */
  assertOpen(id: number): void {
    const { name, endedAt } = this.get(id);
    if (endedAt === null) return;
    throw new PerchError('CONFLICT', `The session "${name}" is finished. Reopen it to change verdicts.`);
  }

  #changed(sql: string, id: number): Session {
    return transaction(this.#database, () => {
      this.#database.prepare(sql).run({ id, now: now() });
      return this.get(id);
    });
  }
}

const now = () => new Date().toISOString();
