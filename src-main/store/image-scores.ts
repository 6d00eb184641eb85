import type { Statement } from 'better-sqlite3';
import { type Connection, transaction } from './database.ts';

/** The image score of a result. */
export interface ImageScore {
  result: number;
  /** Null if no region can have the required size. */
  score: number | null;
  /** Regions of the required size at or above the review threshold; absent unless they are limited. */
  regions?: { count: number; area: number };
}

/** The inputs of image scores, apart from the results. */
export interface ScoreSettings {
  dataset: number;
  textureClass: string;
  /** Canonical JSON. */
  settings: string;
}

interface ScoreRow {
  result: number;
  score: number | null;
  count: number | null;
  area: number | null;
}

/** Number of a class's settings whose scores are kept. */
const KEPT = 8;

/** The cache of image scores. A result's scores never change. */
export class ImageScoreTable {
  readonly #database: Connection;
  readonly #settings: Statement<[ScoreSettings], number>;
  readonly #insertSettings: Statement<[ScoreSettings]>;
  readonly #prune: Statement<[ScoreSettings & { kept: number }]>;
  readonly #scores: Statement<[number], ScoreRow>;
  readonly #insert: Statement<[object]>;

  constructor(database: Connection) {
    this.#database = database;
    const ofClass = 'dataset_id = @dataset AND texture_class = @textureClass';
    this.#settings = database
      .prepare<[ScoreSettings], number>(
        `SELECT id FROM score_settings WHERE ${ofClass} AND settings = @settings`,
      )
      .pluck();
    this.#insertSettings = database.prepare(
      'INSERT INTO score_settings (dataset_id, texture_class, settings) VALUES (@dataset, @textureClass, @settings)',
    );
    this.#prune = database.prepare(
      `DELETE FROM score_settings WHERE ${ofClass}
         AND id NOT IN (SELECT id FROM score_settings WHERE ${ofClass} ORDER BY id DESC LIMIT @kept)`,
    );
    this.#scores = database.prepare(
      `SELECT result_id AS result, score, region_count AS count, region_area AS area FROM image_scores WHERE settings_id = ?`,
    );
    this.#insert = database.prepare(
      `INSERT INTO image_scores (settings_id, result_id, score, region_count, region_area)
       SELECT @id, id, @score, @count, @area FROM results WHERE id = @result ON CONFLICT DO NOTHING`,
    );
  }

  /** The scores by result id. */
  find(settings: ScoreSettings): Map<number, ImageScore> {
    const id = this.#settings.get(settings);
    const rows = id === undefined ? [] : this.#scores.all(id);
    return new Map(
      rows.map(({ result, score, count, area }) => [
        result,
        { result, score, ...(count === null || area === null ? {} : { regions: { count, area } }) },
      ]),
    );
  }

  /** Adds scores of results that still exist. Removes all except the class's newest settings. */
  add(settings: ScoreSettings, scores: readonly ImageScore[]): void {
    transaction(this.#database, () => {
      const known = this.#settings.get(settings);
      const id = known ?? Number(this.#insertSettings.run(settings).lastInsertRowid);
      if (known === undefined) this.#prune.run({ ...settings, kept: KEPT });
      for (const { result, score, regions } of scores)
        this.#insert.run({ id, result, score, count: regions?.count ?? null, area: regions?.area ?? null });
    });
  }
}
