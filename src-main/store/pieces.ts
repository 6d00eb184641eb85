import type { Statement } from 'better-sqlite3';
import { type ErrorReport, PerchError } from '../common/api/errors.ts';
import type { Decision } from '../common/api/recipes.ts';
import type { KeepRule, Piece, PieceRegion } from '../common/api/station.ts';
import { type Connection, transaction } from './database.ts';
import { type PieceRow, rowToPiece, SELECT_PIECE } from './piece-row.ts';

/** A file as a folder lists it. */
export interface PieceFile {
  /** Relative to the station's folder, with `/`. */
  file: string;
  bytes: number;
  mtimeMs: number;
}

export interface NewPiece extends PieceFile {
  /** Null if the file cannot be read now. */
  sha256: string | null;
  arrivedAt: string;
  /** The earlier piece with the same content. */
  duplicateOf?: number | undefined;
}

/** How a piece ended. */
export interface Settlement {
  state: 'decided' | 'failed' | 'dropped';
  decision: Decision | null;
  score: number | null;
  reason: string;
  recipe: number | null;
  revision: number | null;
  regions: readonly PieceRegion[];
  regionsTotal: number;
  image: number | null;
  result: number | null;
  /** The shift that counts it. */
  shift: string;
  error: ErrorReport | null;
  at: Date;
}

/** A piece of a control chart, of an alarm. */
export interface ScoredPiece {
  piece: number;
  sequence: number;
  at: string;
  score: number | null;
  decision: Decision | null;
  verdict: Piece['verdict'];
}

/** A piece of which only the record is left. */
export type ExpiredPiece = Pick<Piece, 'id' | 'sequence' | 'file'>;

/** What a person said of an image protects it: verdicts, ground truth, and marks of good images. */
const TOUCHED = `EXISTS (SELECT 1 FROM verdicts WHERE image_id = p.image_id)
  OR EXISTS (SELECT 1 FROM revisions WHERE image_id = p.image_id)
  OR EXISTS (SELECT 1 FROM calibration_marks WHERE image_id = p.image_id)`;

/** The pieces of stations, in order of arrival. A piece is settled once. */
export class PieceTable {
  readonly #database: Connection;
  readonly #byId: Statement<[number], PieceRow>;
  readonly #page: Statement<[object], PieceRow>;
  readonly #waiting: Statement<[number, string], PieceRow>;
  readonly #ofFile: Statement<[number, string], PieceRow>;
  readonly #ofContent: Statement<[number, string], PieceRow>;
  readonly #insert: Statement<[object]>;
  readonly #settle: Statement<[object]>;
  readonly #backlog: Statement<[number], { count: number; oldest: string | null }>;
  readonly #latest: Statement<[number], { seconds: number | null }>;
  readonly #lastSequence: Statement<[number], number>;
  readonly #settledAfter: Statement<[number, string], PieceRow>;
  readonly #scored: Statement<[object], ScoredPiece>;
  readonly #expired: Statement<[object], ExpiredPiece>;
  readonly #prunable: Statement<[object], { id: number; image: number }>;

  constructor(database: Connection) {
    this.#database = database;
    this.#byId = database.prepare(`${SELECT_PIECE} WHERE p.id = ?`);
    this.#page = database.prepare(
      `${SELECT_PIECE} WHERE p.station_id = @station AND p.sequence < @before ORDER BY p.sequence DESC LIMIT @limit`,
    );
    this.#waiting = database.prepare(
      `${SELECT_PIECE} WHERE p.station_id = ? AND p.state = 'waiting' AND p.id NOT IN (SELECT value FROM json_each(?))
       ORDER BY p.sequence LIMIT 1`,
    );
    // Without the sign, SQLite would read all pieces in their order instead of the index.
    this.#ofFile = database.prepare(
      `${SELECT_PIECE} WHERE p.station_id = ? AND p.file = ? ORDER BY +p.sequence DESC LIMIT 1`,
    );
    this.#ofContent = database.prepare(
      `${SELECT_PIECE} WHERE p.station_id = ? AND p.sha256 = ? ORDER BY +p.sequence`,
    );
    this.#insert = database.prepare(
      `INSERT INTO pieces (station_id, sequence, file, bytes, mtime_ms, sha256, arrived_at, duplicate_of)
       SELECT @station, coalesce(max(sequence), 0) + 1, @file, @bytes, @mtimeMs, @sha256, @arrivedAt, @duplicateOf
       FROM pieces WHERE station_id = @station`,
    );
    this.#settle = database.prepare(
      `UPDATE pieces SET state = @state, decision = @decision, score = @score, reason = @reason, recipe_id = @recipe, revision = @revision,
         regions = @regions, regions_total = @regionsTotal, image_id = @image, result_id = @result, shift = @shift, error = @error,
         decided_at = @at, seconds = max(0, (julianday(@at) - julianday(arrived_at)) * 86400)
       WHERE id = @id AND state = 'waiting'`,
    );
    this.#backlog = database.prepare(
      "SELECT count(*) AS count, min(arrived_at) AS oldest FROM pieces WHERE station_id = ? AND state = 'waiting'",
    );
    this.#latest = database.prepare(
      `SELECT seconds FROM pieces WHERE station_id = ? AND decided_at IS NOT NULL ORDER BY decided_at DESC LIMIT 1`,
    );
    this.#lastSequence = database
      .prepare<[number], number>('SELECT coalesce(max(sequence), 0) FROM pieces WHERE station_id = ?')
      .pluck();
    this.#settledAfter = database.prepare(
      `${SELECT_PIECE} WHERE p.station_id = ? AND p.decided_at > ? ORDER BY p.decided_at LIMIT 500`,
    );
    this.#scored = database.prepare(
      `SELECT * FROM (${SELECT_PIECE.replace(
        /^SELECT[^]*?\bFROM\b/,
        'SELECT p.id AS piece, p.sequence, p.decided_at AS at, p.score, p.decision, v.verdict FROM',
      )} WHERE p.station_id = @station AND p.state = 'decided' AND p.duplicate_of IS NULL AND p.sequence > @after
          AND (@shift IS NULL OR p.shift = @shift)
        ORDER BY p.sequence DESC LIMIT @limit) ORDER BY sequence`,
    );
    this.#expired = database.prepare(
      `SELECT id, sequence, file FROM pieces
       WHERE station_id = @station AND sequence > @after AND sequence <= @upTo AND state <> 'waiting' AND image_id IS NULL
         AND verdict_id IS NULL ORDER BY sequence LIMIT @limit`,
    );
    this.#prunable = database.prepare(
      `SELECT p.id, p.image_id AS image FROM pieces AS p
       WHERE p.station_id = @station AND p.image_id IS NOT NULL AND p.state = 'decided' AND p.duplicate_of IS NULL
         AND (p.sequence <= @upTo OR p.decided_at < @before) AND (@rejectsToo OR p.decision IS NOT 'reject') AND NOT (${TOUCHED})
       ORDER BY p.sequence LIMIT @limit`,
    );
  }

  /** @throws PerchError `NOT_FOUND` */
  get(id: number): Piece {
    const row = this.#byId.get(id);
    if (row) return rowToPiece(row);
    throw new PerchError('NOT_FOUND', 'This piece does not exist. Its station may have been removed.');
  }

  /** Newest first. */
  list(
    station: number,
    { before = Number.MAX_SAFE_INTEGER, limit }: { before?: number | undefined; limit: number },
  ) {
    return this.#page.all({ station, before, limit }).map(rowToPiece);
  }

  /** Adds a piece after all others of its station. @returns its id */
  add(station: number, { duplicateOf, ...piece }: NewPiece): number {
    return transaction(this.#database, () =>
      Number(this.#insert.run({ ...piece, station, duplicateOf: duplicateOf ?? null }).lastInsertRowid),
    );
  }

  /** The first waiting piece, without those that wait for another try. */
  nextWaiting(station: number, except: Iterable<number>): Piece | undefined {
    const row = this.#waiting.get(station, JSON.stringify([...except]));
    return row && rowToPiece(row);
  }

  /** The latest piece of a file, with its size and time at arrival. */
  findByFile(station: number, file: string): (Piece & PieceFile) | undefined {
    const row = this.#ofFile.get(station, file);
    return row && { ...rowToPiece(row), bytes: row.bytes, mtimeMs: row.mtimeMs };
  }

  /** The pieces with a content, oldest first. */
  listByContent(station: number, sha256: string): Piece[] {
    return this.#ofContent.all(station, sha256).map(rowToPiece);
  }

  /** Ends a waiting piece. @returns whether it waited; if not, nothing changes */
  settle(id: number, { regions, error, at, ...settlement }: Settlement): boolean {
    return transaction(this.#database, () => {
      const { changes } = this.#settle.run({
        ...settlement,
        id,
        regions: JSON.stringify(regions),
        error: error && JSON.stringify(error),
        at: at.toISOString(),
      });
      return changes === 1;
    });
  }

  /** Records where a piece's file is now, after it was renamed or replaced in place. */
  setFile(id: number, { file, bytes, mtimeMs, sha256 }: PieceFile & { sha256: string | null }): void {
    transaction(this.#database, () =>
      this.#database
        .prepare('UPDATE pieces SET file = ?, bytes = ?, mtime_ms = ?, sha256 = ? WHERE id = ?')
        .run(file, bytes, mtimeMs, sha256, id),
    );
  }

  /** Makes a piece one of its own, because the one with the same content was not inspected. */
  clearDuplicate(id: number): void {
    transaction(this.#database, () =>
      this.#database.prepare('UPDATE pieces SET duplicate_of = NULL WHERE id = ?').run(id),
    );
  }

  /** Makes pieces lose their image and their result, whose file another piece replaced. */
  detach(image: number): void {
    transaction(this.#database, () =>
      this.#database
        .prepare('UPDATE pieces SET image_id = NULL, result_id = NULL WHERE image_id = ?')
        .run(image),
    );
  }

  /** Links a piece to the verdict on its image in a session. */
  linkVerdict(id: number, session: number): void {
    transaction(this.#database, () =>
      this.#database
        .prepare(
          `UPDATE pieces SET verdict_id = (
             SELECT max(id) FROM verdicts WHERE session_id = ? AND image_id = pieces.image_id AND revoked = 0) WHERE id = ?`,
        )
        .run(session, id),
    );
  }

  /** Waiting pieces. */
  backlog(station: number): { count: number; oldest: string | null } {
    return this.#backlog.get(station) ?? { count: 0, oldest: null };
  }

  /** Seconds from arrival to decision of the piece that was settled last. */
  latestLag(station: number): number | null {
    return this.#latest.get(station)?.seconds ?? null;
  }

  lastSequence(station: number): number {
    return this.#lastSequence.get(station) ?? 0;
  }

  /** Pieces that were settled after a time, in that order; at most 500. */
  listSettledAfter(station: number, at: string): Piece[] {
    return this.#settledAfter.all(station, at).map(rowToPiece);
  }

  /** The latest inspected pieces, oldest first, without duplicates. */
  listScored(
    station: number,
    { after = 0, shift = null, limit }: { after?: number; shift?: string | null; limit: number },
  ): ScoredPiece[] {
    return this.#scored.all({ station, after, shift, limit });
  }

  /** Pieces that a rule no longer keeps, oldest first, except those that a person said something of. */
  listPrunable(
    station: number,
    { days, pieces, rejectsToo }: KeepRule,
    limit: number,
  ): { id: number; image: number }[] {
    if (days === null && pieces === null) return [];
    return this.#prunable.all({
      station,
      upTo: pieces === null ? 0 : this.lastSequence(station) - pieces,
      before: days === null ? '' : new Date(Date.now() - days * 86_400_000).toISOString(),
      rejectsToo: Number(rejectsToo),
      limit,
    });
  }

  /** Settled pieces of which only the record is left, older than the latest `records` ones. A verdict keeps its piece. */
  listExpired(
    station: number,
    { records, after, limit }: { records: number; after: number; limit: number },
  ): ExpiredPiece[] {
    return this.#expired.all({ station, upTo: this.lastSequence(station) - records, after, limit });
  }

  /** Removes the records of pieces. */
  remove(ids: readonly number[]): void {
    transaction(this.#database, () => {
      const remove = this.#database.prepare('DELETE FROM pieces WHERE id = ?');
      for (const id of ids) remove.run(id);
    });
  }

  /**
   * Removes the image of a piece, with its results. The row of the piece stays, and so do those of its duplicates.
   *
   * @returns the blobs that were theirs
   */
  prune({ image }: { image: number }): string[] {
    return transaction(this.#database, () => {
      const blobs = this.#database
        .prepare<[object], string>(
          `SELECT map FROM results WHERE image_id = @image
           UNION SELECT thumbnail FROM images WHERE id = @image AND thumbnail IS NOT NULL`,
        )
        .pluck()
        .all({ image });
      this.#database.prepare('UPDATE pieces SET pruned = 1 WHERE image_id = ?').run(image);
      this.#database.prepare('DELETE FROM images WHERE id = ?').run(image);
      return blobs;
    });
  }
}
