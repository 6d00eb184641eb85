import { join } from 'node:path';
import Database from 'better-sqlite3';

/** What a query of one value finds in the store of a home: whether the host has kept what the window shows already. */
export function kept(home: string, query: string): unknown {
  const database = new Database(join(home, 'perch.db'), { readonly: true });
  try {
    return database.prepare(query).pluck().get();
  } finally {
    database.close();
  }
}
