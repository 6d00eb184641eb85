import type { Statement } from 'better-sqlite3';
import { PerchError } from '../common/api/errors.ts';
import type { Roll, RollDirection, RollFrame } from '../common/api/rolls.ts';
import { type Connection, transaction } from './database.ts';

/** What a person states about a roll. */
export interface RollDetails {
  article: string;
  lot: string;
  direction: RollDirection;
  /** Null for the scale of its class. */
  scale: Roll['scale'];
}

interface RollRow extends Omit<Roll, 'scale' | 'widthPixels' | 'lengthPixels'> {
  mmAcross: number | null;
  mmAlong: number | null;
  width: number;
  height: number;
}

const select = `SELECT r.image_id AS image, i.dataset_id AS dataset, i.texture_class AS textureClass, i.name, article, lot, direction,
    mm_across AS mmAcross, mm_along AS mmAlong, i.width, i.height, r.created_at AS createdAt,
    max(1, (SELECT count(*) FROM roll_frames AS f WHERE f.image_id = r.image_id)) AS frames,
    (SELECT max(created_at) FROM results AS s WHERE s.image_id = r.image_id AND s.image_sha256 = i.file_sha256) AS inspectedAt
  FROM rolls AS r JOIN images AS i ON i.id = r.image_id`;

/** What only rolls have. A roll's other properties are those of its image. */
export class RollTable {
  readonly #database: Connection;
  readonly #all: Statement<[], RollRow>;
  readonly #ofDataset: Statement<[number], RollRow>;
  readonly #byImage: Statement<[number], RollRow>;
  readonly #put: Statement<[object]>;
  readonly #remove: Statement<[number]>;
  readonly #frames: Statement<[number], RollFrame>;
  readonly #clearFrames: Statement<[number]>;
  readonly #addFrame: Statement<[object]>;

  constructor(database: Connection) {
    this.#database = database;
    this.#all = database.prepare(`${select} ORDER BY i.dataset_id, i.sort_index, i.id`);
    this.#ofDataset = database.prepare(`${select} WHERE i.dataset_id = ? ORDER BY i.sort_index, i.id`);
    this.#byImage = database.prepare(`${select} WHERE r.image_id = ?`);
    this.#put = database.prepare(
      `INSERT INTO rolls (image_id, article, lot, direction, mm_across, mm_along, created_at)
       VALUES (@image, @article, @lot, @direction, @across, @along, @now)
       ON CONFLICT DO UPDATE SET article = @article, lot = @lot, direction = @direction, mm_across = @across, mm_along = @along`,
    );
    this.#remove = database.prepare('DELETE FROM rolls WHERE image_id = ?');
    this.#frames = database.prepare(
      `SELECT name, offset_pixels AS offset, length_pixels AS length, sha256 FROM roll_frames WHERE image_id = ? ORDER BY sort_index`,
    );
    this.#clearFrames = database.prepare('DELETE FROM roll_frames WHERE image_id = ?');
    this.#addFrame = database.prepare(
      `INSERT INTO roll_frames (image_id, sort_index, name, offset_pixels, length_pixels, sha256)
       VALUES (@image, @sortIndex, @name, @offset, @length, @sha256)`,
    );
  }

  /** In the order of their datasets. */
  list(dataset?: number): Roll[] {
    const rows = dataset === undefined ? this.#all.all() : this.#ofDataset.all(dataset);
    return rows.map(rowToRoll);
  }

  find(image: number): Roll | undefined {
    const row = this.#byImage.get(image);
    return row && rowToRoll(row);
  }

  /** @throws PerchError `NOT_FOUND` */
  get(image: number): Roll {
    const roll = this.find(image);
    if (roll) return roll;
    throw new PerchError('NOT_FOUND', `Image ${image} is not a roll. Import it with "perch roll import".`);
  }

  /** Makes an image a roll, or changes what is stated about it. */
  put(image: number, { scale, ...details }: RollDetails): void {
    transaction(this.#database, () =>
      this.#put.run({
        image,
        ...details,
        across: scale?.across ?? null,
        along: scale?.along ?? null,
        now: new Date().toISOString(),
      }),
    );
  }

  /** The image is an ordinary image from then on. Removes its assessments. */
  remove(image: number): void {
    transaction(this.#database, () => this.#remove.run(image));
  }

  /** In order along the roll; empty for a roll of one file. */
  frames(image: number): RollFrame[] {
    return this.#frames.all(image);
  }

  setFrames(image: number, frames: readonly RollFrame[]): void {
    transaction(this.#database, () => {
      this.#clearFrames.run(image);
      for (const [sortIndex, frame] of frames.entries()) this.#addFrame.run({ image, sortIndex, ...frame });
    });
  }
}

function rowToRoll({ mmAcross, mmAlong, width, height, ...row }: RollRow): Roll {
  const down = row.direction === 'down';
  return {
    ...row,
    widthPixels: down ? width : height,
    lengthPixels: down ? height : width,
    scale: mmAcross === null || mmAlong === null ? null : { across: mmAcross, along: mmAlong },
  };
}
