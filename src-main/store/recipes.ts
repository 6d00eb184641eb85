import type { Statement } from 'better-sqlite3';
import { PerchError } from '../common/api/errors.ts';
import type { Recipe, RecipeDefinition, RecipeRevision } from '../common/api/recipes.ts';
import { canonicalJson } from '../common/canonical-json.ts';
import { type Connection, transaction } from './database.ts';

interface RecipeRow {
  id: number;
  name: string;
  lockedBy: string | null;
  lockedAt: string | null;
}

type RevisionRow = Omit<RecipeRevision, 'changes' | 'definition'> & { changes: string; definition: string };

const select = 'SELECT id, name, locked_by AS lockedBy, locked_at AS lockedAt FROM recipes';
const selectRevision = `SELECT revision, author, created_at AS at, reason, changes, definition, sha256
  FROM recipe_revisions WHERE recipe_id = ?`;

/** Recipes, their revisions, and the classes that they decide. Revisions never change. */
export class RecipeTable {
  readonly #database: Connection;
  readonly #all: Statement<[], RecipeRow>;
  readonly #byId: Statement<[number], RecipeRow>;
  readonly #byName: Statement<[string], number>;
  readonly #revisions: Statement<[number], RevisionRow>;
  readonly #latest: Statement<[number], RevisionRow>;
  readonly #insertRevision: Statement<[object]>;
  readonly #uses: Statement<[number], Recipe['uses'][number]>;
  readonly #ofDataset: Statement<[number], { textureClass: string; recipe: number }>;

  constructor(database: Connection) {
    this.#database = database;
    this.#all = database.prepare(`${select} ORDER BY name`);
    this.#byId = database.prepare(`${select} WHERE id = ?`);
    this.#byName = database.prepare<[string], number>('SELECT id FROM recipes WHERE name = ?').pluck();
    this.#revisions = database.prepare(`${selectRevision} ORDER BY revision`);
    this.#latest = database.prepare(`${selectRevision} ORDER BY revision DESC LIMIT 1`);
    this.#insertRevision = database.prepare(
      `INSERT INTO recipe_revisions (recipe_id, revision, author, reason, changes, definition, sha256, created_at)
       VALUES (@recipe, @revision, @author, @reason, @changes, @definition, @sha256, @at)`,
    );
    this.#uses = database.prepare(
      `SELECT dataset_id AS dataset, texture_class AS textureClass FROM class_recipes
       WHERE recipe_id = ? ORDER BY dataset_id, texture_class`,
    );
    this.#ofDataset = database.prepare(
      'SELECT texture_class AS textureClass, recipe_id AS recipe FROM class_recipes WHERE dataset_id = ?',
    );
  }

  /** Sorted by name. */
  list(): Recipe[] {
    return this.#all.all().map((row) => this.#describe(row));
  }

  /** @throws PerchError `NOT_FOUND` */
  get(id: number): Recipe {
    const row = this.#byId.get(id);
    if (row) return this.#describe(row);
    throw new PerchError('NOT_FOUND', `There is no recipe ${id}. It may have been removed.`);
  }

  /** Oldest first. */
  listRevisions(id: number): RecipeRevision[] {
    return this.#revisions.all(id).map(rowToRevision);
  }

  /** Returns `wish`, with a number appended if a recipe already has that name. */
  uniqueName(wish: string): string {
    for (let count = 1; ; count++) {
      const name = count === 1 ? wish : `${wish} ${count}`;
      if (this.#byName.get(name) === undefined) return name;
    }
  }

  /** @param revisions oldest first. @throws PerchError `CONFLICT` if another recipe has the name */
  add(name: string, revisions: readonly RecipeRevision[]): number {
    return transaction(this.#database, () => {
      this.#assertNameFree(name);
      const { lastInsertRowid } = this.#database
        .prepare('INSERT INTO recipes (name, created_at) VALUES (?, ?)')
        .run(name, new Date().toISOString());
      const id = Number(lastInsertRowid);
      for (const revision of revisions) this.addRevision(id, revision);
      return id;
    });
  }

  /** Adds a revision, numbered after the latest one. @throws PerchError `CONFLICT` if it already exists */
  addRevision(recipe: number, revision: RecipeRevision): void {
    const changes = JSON.stringify(revision.changes);
    const definition = canonicalJson(revision.definition);
    transaction(this.#database, () => this.#insertRevision.run({ ...revision, recipe, changes, definition }));
  }

  /** @throws PerchError `NOT_FOUND`, `CONFLICT` if another recipe has the name */
  rename(id: number, name: string): void {
    transaction(this.#database, () => {
      this.get(id);
      this.#assertNameFree(name, id);
      this.#database.prepare('UPDATE recipes SET name = ? WHERE id = ?').run(name, id);
    });
  }

  /** Locks a recipe, or unlocks it (null). */
  setLock(id: number, lock: Recipe['locked']): void {
    transaction(this.#database, () =>
      this.#database
        .prepare('UPDATE recipes SET locked_by = ?, locked_at = ? WHERE id = ?')
        .run(lock?.by ?? null, lock?.at ?? null, id),
    );
  }

  /** Removes a recipe that decides no class. */
  remove(id: number): void {
    transaction(this.#database, () => this.#database.prepare('DELETE FROM recipes WHERE id = ?').run(id));
  }

  /** The recipe of each class of a dataset that has one. */
  listAssigned(dataset: number): Map<string, number> {
    return new Map(this.#ofDataset.all(dataset).map(({ textureClass, recipe }) => [textureClass, recipe]));
  }

  /** Makes a recipe, or none (null), decide a class. */
  assign(dataset: number, textureClass: string, recipe: number | null): void {
    transaction(this.#database, () => {
      if (recipe === null)
        return this.#database
          .prepare('DELETE FROM class_recipes WHERE dataset_id = ? AND texture_class = ?')
          .run(dataset, textureClass);
      return this.#database
        .prepare(
          `INSERT INTO class_recipes (dataset_id, texture_class, recipe_id) VALUES (?, ?, ?)
           ON CONFLICT DO UPDATE SET recipe_id = excluded.recipe_id`,
        )
        .run(dataset, textureClass, recipe);
    });
  }

  #describe({ id, name, lockedBy, lockedAt }: RecipeRow): Recipe {
    const locked = lockedBy === null || lockedAt === null ? null : { by: lockedBy, at: lockedAt };
    // Every recipe is added with its first revision in one transaction.
    const latest = rowToRevision(this.#latest.get(id) as RevisionRow);
    return { id, name, locked, latest, uses: this.#uses.all(id) };
  }

  #assertNameFree(name: string, own?: number): void {
    const other = this.#byName.get(name);
    if (other === undefined || other === own) return;
    throw new PerchError('CONFLICT', `A recipe named "${name}" already exists. Choose another name.`);
  }
}

function rowToRevision({ changes, definition, ...row }: RevisionRow): RecipeRevision {
  return {
    ...row,
    changes: JSON.parse(changes) as string[],
    definition: JSON.parse(definition) as RecipeDefinition,
  };
}
