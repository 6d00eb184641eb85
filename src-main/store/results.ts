import type { Statement } from 'better-sqlite3';
import { PerchError } from '../common/api/errors.ts';
import type { Result } from '../common/api/runs.ts';
import { type Connection, transaction } from './database.ts';

/** The inputs of a result. */
export interface ResultKey {
  image: number;
  method: number;
  /** SHA-256 of the image file's bytes. */
  imageSha256: string;
  /** SHA-256 of the imported model; null if none is used. */
  modelSha256: string | null;
  /** SHA-256 of the other images that the method compares with; absent if it needs none. */
  otherImagesSha256?: string;
  /** SHA-256 of the inspection region; absent for the whole image. */
  regionSha256?: string;
}

export type NewResult = Omit<Result, 'id' | 'createdAt' | 'regionSha256' | 'current' | 'worker'> &
  Partial<Pick<Result, 'worker'>> &
  ResultKey;

/** How long a result took. */
export interface Timing {
  seconds: Result['seconds'];
  /** What it was computed on, for display. */
  device: string;
  /** Size of the image. */
  width: number;
  height: number;
}

/** Number of the latest results that timings are read from. */
const TIMINGS = 100;

interface ResultRow extends Omit<Result, 'seconds' | 'versions' | 'chosen' | 'imageScore' | 'current'> {
  seconds: string;
  versions: string;
  chosen: string | null;
  imageScore: number | null;
  current: 0 | 1;
}

const ofPresentFile = 'image_sha256 = i.file_sha256';
const ofPresentRegion = "region_sha256 = coalesce(c.sha256, '')";

/** The other images are those of the class now, which the table `o` lists. */
const ofPresentOthers = "other_images_sha256 = coalesce(o.value, '')";

/** @param ofOthers whether the result's other images are those of the class now; assumed if absent */
const select = (
  ofOthers = '1',
) => `SELECT r.id, image_id AS image, method_id AS method, image_sha256 AS imageSha256,
    nullif(model_sha256, '') AS modelSha256, region_sha256 AS regionSha256,
    ${ofPresentFile} AND ${ofPresentRegion} AND ${ofOthers} AS current, map, map_width AS mapWidth, map_height AS mapHeight, r.width, r.height,
    extent_width AS extentWidth, extent_height AS extentHeight, min, max, threshold, seconds, device, versions,
    chosen, image_score AS imageScore, worker, r.created_at AS createdAt
  FROM results AS r JOIN images AS i ON i.id = r.image_id
    LEFT JOIN class_regions AS c ON c.dataset_id = i.dataset_id AND c.texture_class = i.texture_class`;

/** Results for the current file, region and other images come first, then the latest. */
const preferred = `ORDER BY ${ofPresentFile} DESC, ${ofPresentRegion} DESC, ${ofPresentOthers} DESC, id DESC LIMIT 1`;

/** Results: the map of an image and method, with its inputs. Rows never change. */
export class ResultTable {
  readonly #database: Connection;
  readonly #byKey: Statement<[object], ResultRow>;
  readonly #latestOf: Statement<[object], ResultRow>;
  readonly #ofClass: Statement<[object], ResultRow>;
  readonly #byId: Statement<[number], ResultRow>;
  readonly #latestOfImage: Statement<[number], ResultRow>;
  readonly #latestId: Statement<[], number | null>;
  readonly #after: Statement<[number], ResultRow>;
  readonly #insert: Statement<[object]>;

  readonly #othersByClass: (dataset: number, method: number) => Record<string, string>;

  /** @param othersByClass the checksum of the other images that a method compares with now, by class */
  constructor(
    database: Connection,
    othersByClass: (dataset: number, method: number) => Record<string, string>,
  ) {
    this.#database = database;
    this.#othersByClass = othersByClass;
    this.#byKey = database.prepare(
      `${select()} WHERE image_id = @image AND method_id = @method AND image_sha256 = @imageSha256
         AND model_sha256 = @modelSha256 AND other_images_sha256 = @otherImagesSha256
         AND region_sha256 = @regionSha256`,
    );
    this.#latestOf = database.prepare(
      `${select(ofPresentOthers)} LEFT JOIN json_each(@others) AS o ON o.key = i.texture_class
       WHERE i.dataset_id = @dataset AND r.method_id = @method
         AND r.id = (SELECT id FROM results WHERE image_id = i.id AND method_id = r.method_id ${preferred})
       ORDER BY i.sort_index`,
    );
    this.#ofClass = database.prepare(
      `${select()} WHERE r.id IN (
         SELECT max(o.id) FROM results AS o JOIN images ON images.id = o.image_id
         WHERE dataset_id = @dataset AND texture_class = @textureClass AND method_id = @method
           AND image_sha256 = file_sha256 AND model_sha256 = @modelSha256 AND region_sha256 = @regionSha256
         GROUP BY o.image_id)
       ORDER BY i.sort_index`,
    );
    this.#byId = database.prepare(`${select()} WHERE r.id = ?`);
    this.#latestOfImage = database.prepare(
      `${select()} WHERE r.image_id = ? ORDER BY ${ofPresentFile} DESC, ${ofPresentRegion} DESC, r.id DESC LIMIT 1`,
    );
    this.#latestId = database.prepare<[], number | null>('SELECT max(id) FROM results').pluck();
    this.#after = database.prepare(`${select()} WHERE r.id > ? ORDER BY r.id`);
    this.#insert = database.prepare(
      `INSERT INTO results (image_id, method_id, image_sha256, model_sha256, other_images_sha256, region_sha256, map, map_width, map_height,
         width, height, extent_width, extent_height, min, max, threshold, seconds, device, versions, chosen,
         image_score, worker, created_at)
       VALUES (@image, @method, @imageSha256, @modelSha256, @otherImagesSha256, @regionSha256, @map, @mapWidth, @mapHeight,
         @width, @height, @extentWidth, @extentHeight, @min, @max, @threshold, @seconds, @device, @versions, @chosen,
         @imageScore, @worker, @createdAt)
       ON CONFLICT DO NOTHING`,
    );
  }

  find(key: ResultKey): Result | undefined {
    const row = this.#byKey.get(keyColumns(key));
    return row && rowToResult(row);
  }

  /**
   * A method's result for each image of a dataset, in dataset order: the current one, or the latest.
   */
  listByMethod(dataset: number, method: number): Result[] {
    const others = JSON.stringify(this.#othersByClass(dataset, method));
    return this.#latestOf.all({ dataset, method, others }).map(rowToResult);
  }

  /** A method's latest results for a class's current files, by a model and in a region, in dataset order. */
  listByClass(
    dataset: number,
    textureClass: string,
    { method, modelSha256, regionSha256 }: Pick<Result, 'method' | 'modelSha256' | 'regionSha256'>,
  ): Result[] {
    const inputs = { dataset, textureClass, method, modelSha256: modelSha256 ?? '', regionSha256 };
    return this.#ofClass.all(inputs).map(rowToResult);
  }

  /** @throws PerchError `NOT_FOUND` */
  get(id: number): Result {
    const row = this.#byId.get(id);
    if (row) return rowToResult(row);
    throw new PerchError('NOT_FOUND', 'This result is no longer in the store.');
  }

  /** An image's latest result by any method; those for the current file and region come first. */
  findLatest(image: number): Result | undefined {
    const row = this.#latestOfImage.get(image);
    return row && rowToResult(row);
  }

  /** Id of the newest result; 0 if there is none. */
  latestId(): number {
    return this.#latestId.get() ?? 0;
  }

  /** Results with a greater id, oldest first. */
  listAfter(id: number): Result[] {
    return this.#after.all(id).map(rowToResult);
  }

  /** Timings of a method's latest results. */
  timings(method: number): Timing[] {
    return this.#database
      .prepare<[number, number], Omit<Timing, 'seconds'> & { seconds: string }>(
        'SELECT seconds, device, width, height FROM results WHERE method_id = ? ORDER BY id DESC LIMIT ?',
      )
      .all(method, TIMINGS)
      .map(({ seconds, ...timing }) => ({ ...timing, seconds: JSON.parse(seconds) as Result['seconds'] }));
  }

  /** Adds a result whose map is stored. If a result with the same key exists, returns that one. */
  add(result: NewResult): Result {
    return transaction(this.#database, () => {
      this.#insert.run({
        ...result,
        ...keyColumns(result),
        seconds: JSON.stringify(result.seconds),
        versions: JSON.stringify(result.versions),
        chosen: result.chosen ? JSON.stringify(result.chosen) : null,
        imageScore: result.imageScore ?? null,
        worker: result.worker ?? '',
        createdAt: new Date().toISOString(),
      });
      return rowToResult(this.#byKey.get(keyColumns(result)) as ResultRow);
    });
  }
}

function keyColumns(key: ResultKey) {
  const { image, method, imageSha256, modelSha256, otherImagesSha256 = '', regionSha256 = '' } = key;
  return { image, method, imageSha256, modelSha256: modelSha256 ?? '', otherImagesSha256, regionSha256 };
}

function rowToResult({ seconds, versions, chosen, imageScore, current, ...row }: ResultRow): Result {
  return {
    ...row,
    current: current === 1,
    seconds: JSON.parse(seconds) as Result['seconds'],
    versions: JSON.parse(versions) as Result['versions'],
    ...(chosen === null ? {} : { chosen: JSON.parse(chosen) as Result['chosen'] }),
    ...(imageScore !== null && { imageScore }),
  };
}
