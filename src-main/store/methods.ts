import type { Statement } from 'better-sqlite3';
import { PerchError } from '../common/api/errors.ts';
import type { MethodUse, StoredMethod } from '../common/api/runs.ts';
import type { AnyMethod } from '../common/api/schemas.ts';
import { canonicalJson } from '../common/canonical-json.ts';
import { type Connection, transaction } from './database.ts';

type MethodRow<Method> = Omit<Method, 'definition'> & { definition: string | null };

/** Methods: definitions, and other systems whose maps were imported. */
export class MethodTable {
  readonly #database: Connection;
  readonly #all: Statement<[], MethodRow<StoredMethod>>;
  readonly #byId: Statement<[number], MethodRow<StoredMethod>>;
  readonly #byKey: Statement<[string], MethodRow<StoredMethod>>;
  readonly #byLabel: Statement<[string], MethodRow<StoredMethod>>;
  readonly #used: Statement<[number], MethodRow<MethodUse>>;

  constructor(database: Connection) {
    this.#database = database;
    this.#all = database.prepare('SELECT id, label, definition FROM methods ORDER BY id');
    this.#byId = database.prepare('SELECT id, label, definition FROM methods WHERE id = ?');
    this.#byKey = database.prepare('SELECT id, label, definition FROM methods WHERE key = ?');
    this.#byLabel = database.prepare('SELECT id, label, definition FROM methods WHERE label = ?');
    this.#used = database.prepare(
      `SELECT m.id, m.label, m.definition, count(DISTINCT r.image_id) AS results
       FROM images AS i JOIN results AS r ON r.image_id = i.id JOIN methods AS m ON m.id = r.method_id
       WHERE i.dataset_id = ? GROUP BY m.id ORDER BY m.id`,
    );
  }

  list(): StoredMethod[] {
    return this.#all.all().map(rowToMethod);
  }

  /** @throws PerchError `NOT_FOUND` */
  get(id: number): StoredMethod {
    const row = this.#byId.get(id);
    if (row) return rowToMethod(row);
    throw new PerchError('NOT_FOUND', `There is no method ${id}.`);
  }

  getByLabel(label: string): StoredMethod | undefined {
    const row = this.#byLabel.get(label);
    return row && rowToMethod(row);
  }

  /** The stored method with a definition. */
  findByDefinition(definition: AnyMethod): StoredMethod | undefined {
    const row = this.#byKey.get(canonicalJson(definition));
    return row && rowToMethod(row);
  }

  /** Methods with results in a dataset, with the number of images. */
  listUsed(dataset: number): MethodUse[] {
    return this.#used.all(dataset).map(rowToMethod);
  }

  /** Returns the method of a definition and adds it if it is new. If another method has the label, a number is appended. */
  upsertDefinition(definition: AnyMethod, label: string): StoredMethod {
    return this.#kept(canonicalJson(definition), label, canonicalJson(definition));
  }

  /** Returns the method of another system's maps and adds it if it is new. */
  upsertImported(label: string): StoredMethod {
    return this.#kept(`imported:${label}`, label, null);
  }

  #kept(key: string, label: string, definition: string | null): StoredMethod {
    return transaction(this.#database, () => {
      const known = this.#byKey.get(key);
      if (known) return rowToMethod(known);
      const { lastInsertRowid } = this.#database
        .prepare('INSERT INTO methods (key, label, definition, created_at) VALUES (?, ?, ?, ?)')
        .run(key, this.#freeLabel(label), definition, new Date().toISOString());
      return this.get(Number(lastInsertRowid));
    });
  }

  #freeLabel(wish: string): string {
    for (let count = 1; ; count++) {
      const label = count === 1 ? wish : `${wish} (${count})`;
      if (!this.#byLabel.get(label)) return label;
    }
  }
}

function rowToMethod<Method extends { definition: string | null }>(row: Method) {
  const definition = row.definition === null ? null : (JSON.parse(row.definition) as AnyMethod);
  return { ...row, definition };
}
