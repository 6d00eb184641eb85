import type { Statement } from 'better-sqlite3';
import type { ClassRegion, InspectionRegion } from '../common/api/regions.ts';
import { canonicalJson } from '../common/canonical-json.ts';
import { isWholeImage } from '../common/maps/inspection-region.ts';
import { regionSha256 } from '../files/region-sha256.ts';
import { type Connection, transaction } from './database.ts';

type RegionRow = Omit<ClassRegion, 'region'> & { region: string };

/** The inspection regions of classes. A class without a row is inspected as a whole. */
export class ClassRegionTable {
  readonly #database: Connection;
  readonly #of: Statement<[number], RegionRow>;
  readonly #byClass: Statement<[number, string], string>;
  readonly #set: Statement<[object]>;
  readonly #remove: Statement<[number, string]>;

  constructor(database: Connection) {
    this.#database = database;
    this.#of = database.prepare(
      `SELECT texture_class AS textureClass, region, author, created_at AS at FROM class_regions
       WHERE dataset_id = ? ORDER BY texture_class`,
    );
    this.#byClass = database
      .prepare<[number, string], string>(
        'SELECT region FROM class_regions WHERE dataset_id = ? AND texture_class = ?',
      )
      .pluck();
    this.#set = database.prepare(
      `INSERT INTO class_regions (dataset_id, texture_class, region, sha256, author, created_at)
       VALUES (@dataset, @textureClass, @region, @sha256, @author, @now)
       ON CONFLICT DO UPDATE SET region = excluded.region, sha256 = excluded.sha256, author = excluded.author,
         created_at = excluded.created_at`,
    );
    this.#remove = database.prepare('DELETE FROM class_regions WHERE dataset_id = ? AND texture_class = ?');
  }

  /** By class name. */
  list(dataset: number): ClassRegion[] {
    return this.#of
      .all(dataset)
      .map(({ region, ...row }) => ({ ...row, region: JSON.parse(region) as InspectionRegion }));
  }

  /** The region of a class; null for the whole image. */
  find(dataset: number, textureClass: string): InspectionRegion | null {
    const region = this.#byClass.get(dataset, textureClass);
    return region === undefined ? null : (JSON.parse(region) as InspectionRegion);
  }

  /** Sets a class's region. Null, or a region that is the whole image, removes it. */
  set(dataset: number, textureClass: string, region: InspectionRegion | null, author: string): void {
    transaction(this.#database, () => {
      if (!region || isWholeImage(region)) return this.#remove.run(dataset, textureClass);
      const row = {
        dataset,
        textureClass,
        region: canonicalJson(region),
        sha256: regionSha256(region),
        author,
      };
      return this.#set.run({ ...row, now: new Date().toISOString() });
    });
  }
}
