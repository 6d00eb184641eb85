import os from 'node:os';
import type Database from 'better-sqlite3';

/** Who acts, for changes whose rows name no person. It is set for the duration of synchronous work. */
let acting: string | undefined;

/**
 * Runs `work` as a person, whom the audit log then names. An empty name means the operator of the settings, or else the user of
 * the operating system, even if a row names another person.
 */
export function actAs<Result>(name: string, work: () => Result): Result {
  const before = acting;
  acting = name;
  try {
    return work();
  } finally {
    acting = before;
  }
}

/**
 * Registers the SQL function `actor(named, operator)` that the triggers of the audit log call: `named` is the person whom the row
 * names, and `operator` the setting, as JSON.
 */
export function registerActor(database: Database.Database): void {
  database.function('actor', (named: unknown, operator: unknown) => {
    const person = acting ?? text(named);
    return person || setting(operator) || osUser();
  });
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

function setting(json: unknown): string {
  try {
    return typeof json === 'string' ? text(JSON.parse(json)) : '';
  } catch {
    return '';
  }
}

let user: string | undefined;

/** The user of the operating system. */
function osUser(): string {
  return (user ??= findUser());
}

function findUser(): string {
  try {
    return os.userInfo().username;
  } catch {
    // In a container, the user id may have no name.
    return process.env['USER'] ?? process.env['USERNAME'] ?? `user ${process.getuid?.() ?? 'unknown'}`;
  }
}
