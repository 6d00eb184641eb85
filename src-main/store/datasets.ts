import type { Statement } from 'better-sqlite3';
import { PerchError } from '../common/api/errors.ts';
import type { ClassCounts, Layout } from '../common/api/datasets.ts';
import { type Connection, transaction } from './database.ts';

export interface StoredDataset {
  id: number;
  name: string;
  layout: Layout;
  /** Absolute path of the image folder. */
  root: string;
  ignoreBorder: number;
  /** Bit depth of all its 16-bit images; null if it is detected per class. */
  bitDepth: number | null;
  createdAt: string;
}

const columns =
  'id, name, layout, root, ignore_border AS ignoreBorder, bit_depth AS bitDepth, created_at AS createdAt';

/** Datasets and their image counts. */
export class DatasetTable {
  readonly #database: Connection;
  readonly #all: Statement<[], StoredDataset>;
  readonly #byId: Statement<[number], StoredDataset>;
  readonly #byName: Statement<[string], StoredDataset>;
  readonly #byRoot: Statement<[string], StoredDataset>;
  readonly #classes: Statement<[number], ClassCounts>;
  readonly #fingerprint: Statement<[], string>;
  readonly #lastImage: Statement<[], number>;
  readonly #hasImported: Statement<[number], 0 | 1>;

  constructor(database: Connection) {
    this.#database = database;
    this.#all = database.prepare(`SELECT ${columns} FROM datasets ORDER BY name`);
    this.#byId = database.prepare(`SELECT ${columns} FROM datasets WHERE id = ?`);
    this.#byName = database.prepare(`SELECT ${columns} FROM datasets WHERE name = ?`);
    this.#byRoot = database.prepare(`SELECT ${columns} FROM datasets WHERE root = ?`);
    this.#fingerprint = database
      .prepare<[], string>(
        `SELECT json_array((SELECT json_group_array(json_array(id, name, root, ignore_border)) FROM datasets),
           (SELECT count(*) FROM revisions))`,
      )
      .pluck();
    this.#lastImage = database.prepare<[], number>('SELECT coalesce(max(id), 0) FROM images').pluck();
    this.#hasImported = database
      .prepare<[number], 0 | 1>(
        'SELECT EXISTS (SELECT 1 FROM images WHERE id > ? AND dataset_id NOT IN (SELECT dataset_id FROM stations))',
      )
      .pluck();
    this.#classes = database.prepare(
      `SELECT texture_class AS textureClass, count(*) AS images,
         count(*) FILTER (WHERE split = 'train') AS train,
         count(*) FILTER (WHERE split = 'test' AND r.ground_truth = 'masked') AS masked,
         count(*) FILTER (WHERE split = 'test' AND coalesce(r.ground_truth, 'unknown') = 'unknown'
           AND tile_index = 0 AND defect_type NOT IN ('', 'good')) AS unmasked,
         count(*) FILTER (WHERE split = 'test' AND r.ground_truth = 'normal') AS normal,
         count(*) FILTER (WHERE split = 'test' AND coalesce(r.ground_truth, 'unknown') = 'unknown'
           AND (tile_index > 0 OR defect_type IN ('', 'good'))) AS unknown
       FROM images AS i LEFT JOIN revisions AS r ON r.image_id = i.id
         AND r.revision = (SELECT max(revision) FROM revisions WHERE image_id = i.id)
       WHERE dataset_id = ? GROUP BY texture_class ORDER BY min(sort_index)`,
    );
  }

  /** A version string that changes when a dataset or revision is added, moved, renamed or removed. */
  fingerprint(): string {
    return this.#fingerprint.get() ?? '';
  }

  /** The image that was added last. */
  lastImage(): number {
    return this.#lastImage.get() ?? 0;
  }

  /** Whether an image was added after another one to a dataset that has no station. An import may change other images as well. */
  hasImported(image: number): boolean {
    return this.#hasImported.get(image) === 1;
  }

  /** Sorted by name. */
  list(): StoredDataset[] {
    return this.#all.all();
  }

  /** @throws PerchError `NOT_FOUND` */
  get(id: number): StoredDataset {
    const found = this.#byId.get(id);
    if (found) return found;
    throw new PerchError('NOT_FOUND', 'This dataset is no longer in the store. Import its folder again.');
  }

  /** @throws PerchError `NOT_FOUND`; the message lists the existing names */
  getByName(name: string): StoredDataset {
    const found = this.#byName.get(name);
    if (found) return found;
    const names = this.list().map((dataset) => dataset.name);
    const known = names.length > 0 ? `Datasets: ${names.join(', ')}.` : 'No dataset has been imported.';
    throw new PerchError('NOT_FOUND', `There is no dataset "${name}". ${known}`);
  }

  getByRoot(root: string): StoredDataset | undefined {
    return this.#byRoot.get(root);
  }

  /** Counts for each class, in image order. */
  countClasses(id: number): ClassCounts[] {
    return this.#classes.all(id);
  }

  /** Returns `wish`, with a number appended if a dataset already has that name. */
  uniqueName(wish: string): string {
    for (let count = 1; ; count++) {
      const name = count === 1 ? wish : `${wish} ${count}`;
      if (!this.#byName.get(name)) return name;
    }
  }

  /** @throws PerchError `CONFLICT` if another dataset has the name */
  add(dataset: Omit<StoredDataset, 'id' | 'bitDepth' | 'createdAt'>): number {
    return transaction(this.#database, () => {
      this.assertNameFree(dataset.name);
      return Number(
        this.#database
          .prepare(
            `INSERT INTO datasets (name, layout, root, ignore_border, created_at) VALUES (@name, @layout, @root, @ignoreBorder, @now)`,
          )
          .run({ ...dataset, now: new Date().toISOString() }).lastInsertRowid,
      );
    });
  }

  /** @throws PerchError `NOT_FOUND`, `CONFLICT` if another dataset has the name */
  rename(id: number, name: string): void {
    transaction(this.#database, () => {
      this.get(id);
      this.assertNameFree(name, id);
      this.#database.prepare('UPDATE datasets SET name = ? WHERE id = ?').run(name, id);
    });
  }

  /** @throws PerchError `NOT_FOUND` */
  setIgnoreBorder(id: number, ignoreBorder: number): void {
    transaction(this.#database, () => {
      this.get(id);
      this.#database.prepare('UPDATE datasets SET ignore_border = ? WHERE id = ?').run(ignoreBorder, id);
    });
  }

  /** @param bits null to detect the bit depth. @throws PerchError `NOT_FOUND` */
  setBitDepth(id: number, bits: number | null): void {
    transaction(this.#database, () => {
      this.get(id);
      this.#database.prepare('UPDATE datasets SET bit_depth = ? WHERE id = ?').run(bits, id);
    });
  }

  /** @throws PerchError `NOT_FOUND`, `CONFLICT` if another dataset has the folder */
  setRoot(id: number, root: string): void {
    transaction(this.#database, () => {
      this.get(id);
      const other = this.#byRoot.get(root);
      if (other && other.id !== id)
        throw new PerchError('CONFLICT', `${root} is already the folder of the dataset "${other.name}".`);
      this.#database.prepare('UPDATE datasets SET root = ? WHERE id = ?').run(root, id);
    });
  }

  /** Removes a dataset with everything that refers to it. @throws PerchError `NOT_FOUND` */
  remove(id: number): void {
    transaction(this.#database, () => {
      this.get(id);
      this.#database.prepare('DELETE FROM datasets WHERE id = ?').run(id);
    });
  }

  /** @throws PerchError `CONFLICT` if a dataset other than `own` has the name */
  assertNameFree(name: string, own?: number): void {
    const other = this.#byName.get(name);
    if (!other || other.id === own) return;
    throw new PerchError('CONFLICT', `A dataset named "${name}" already exists. Choose another name.`);
  }
}
