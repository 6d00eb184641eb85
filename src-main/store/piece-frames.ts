import type { Statement } from 'better-sqlite3';
import type { PieceFrame, StationRoll } from '../common/api/station-frames.ts';
import type { Piece } from '../common/api/station.ts';
import { type Connection, transaction } from './database.ts';
import { type PieceRow, rowToPiece, SELECT_PIECE } from './piece-row.ts';

/** A frame without what depends on the scale. */
export type PlacedFrame = Omit<PieceFrame, 'mm'>;

/** A roll of a station without what all of its rolls have. */
export type RollExtent = Omit<StationRoll, 'station' | 'name' | 'direction' | 'scale'>;

interface FrameRow extends Omit<PlacedFrame, 'assumed'> {
  assumed: 0 | 1;
}

const SELECT_FRAME = `SELECT roll, frame AS number, frame_offset AS offset, frame_length AS length, frame_width AS width,
    frame_assumed AS assumed FROM pieces WHERE station_id = ? AND roll = ?`;

const SELECT_ROLL = `SELECT roll, max(frame) AS frames, max(frame_width) AS widthPixels, max(frame_offset + frame_length) AS lengthPixels,
    min(arrived_at) AS "from", max(arrived_at) AS "to" FROM pieces WHERE station_id = @station AND roll IS NOT NULL`;

/** The places of pieces that are frames of rolls. A piece gets its place when it is settled. */
export class PieceFrameTable {
  readonly #database: Connection;
  readonly #last: Statement<[number, string], FrameRow>;
  readonly #ofFile: Statement<[number, string, string], FrameRow>;
  readonly #place: Statement<[object]>;
  readonly #frames: Statement<[object], PieceRow>;
  readonly #rolls: Statement<[object], RollExtent>;
  readonly #roll: Statement<[object], RollExtent>;

  constructor(database: Connection) {
    this.#database = database;
    this.#last = database.prepare(`${SELECT_FRAME} ORDER BY frame DESC, id DESC LIMIT 1`);
    this.#ofFile = database.prepare(`${SELECT_FRAME} AND file = ? ORDER BY id DESC LIMIT 1`);
    this.#place = database.prepare(
      `UPDATE pieces SET roll = @roll, frame = @number, frame_offset = @offset, frame_length = @length, frame_width = @width,
         frame_assumed = @assumed WHERE id = @id`,
    );
    this.#frames = database.prepare(
      `${SELECT_PIECE} WHERE p.id IN (SELECT max(id) FROM pieces WHERE station_id = @station AND roll = @roll GROUP BY frame)
       ORDER BY p.frame`,
    );
    this.#rolls = database.prepare(`${SELECT_ROLL} GROUP BY roll ORDER BY max(sequence) DESC LIMIT @limit`);
    this.#roll = database.prepare(`${SELECT_ROLL} AND roll = @roll GROUP BY roll`);
  }

  /** The frame at the end of a roll so far. */
  last(station: number, roll: string): PlacedFrame | undefined {
    return rowToFrame(this.#last.get(station, roll));
  }

  /** The latest frame of a file. */
  findByFile(station: number, roll: string, file: string): PlacedFrame | undefined {
    return rowToFrame(this.#ofFile.get(station, roll, file));
  }

  /** Sets the place of a piece. */
  place(piece: number, { assumed, ...frame }: PlacedFrame): void {
    transaction(this.#database, () => this.#place.run({ ...frame, id: piece, assumed: Number(assumed) }));
  }

  /** The pieces of a roll in order along it. A piece whose file was written again is not there, but the later one is. */
  list(station: number, roll: string): Piece[] {
    return this.#frames.all({ station, roll }).map(rowToPiece);
  }

  /** The rolls of a station, the one with the latest frame first. */
  rolls(station: number, limit: number): RollExtent[] {
    return this.#rolls.all({ station, limit });
  }

  findRoll(station: number, roll: string): RollExtent | undefined {
    return this.#roll.get({ station, roll });
  }
}

function rowToFrame(row: FrameRow | undefined): PlacedFrame | undefined {
  return row && { ...row, assumed: row.assumed === 1 };
}
