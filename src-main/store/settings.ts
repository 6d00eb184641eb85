import type { Statement } from 'better-sqlite3';
import { type Connection, transaction } from './database.ts';

/** User settings by name; values are JSON. */
export class SettingTable {
  readonly #database: Connection;
  readonly #all: Statement<[], { name: string; value: string }>;
  readonly #set: Statement<[string, string]>;

  constructor(database: Connection) {
    this.#database = database;
    this.#all = database.prepare('SELECT name, value FROM settings');
    this.#set = database.prepare(
      'INSERT INTO settings (name, value) VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value',
    );
  }

  all(): Record<string, unknown> {
    return Object.fromEntries(this.#all.all().map(({ name, value }) => [name, JSON.parse(value) as unknown]));
  }

  /** Changes the given settings in one transaction and leaves the others unchanged. */
  set(values: Record<string, unknown>): void {
    transaction(this.#database, () => {
      for (const [name, value] of Object.entries(values)) this.#set.run(name, JSON.stringify(value));
    });
  }
}
