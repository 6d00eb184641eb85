import type { EventEmitter } from 'node:events';
import type { PgBoss } from 'pg-boss';
import { PerchError } from '../../common/api/errors.ts';
import { withoutPassword } from './queue-url.ts';

/** Schema of pg-boss's tables. Perch's own are in the schema `perch`. */
const SCHEMA = 'perch_queue';

const CONNECT_MS = 5000;

/** Interval at which tasks of workers that died are found. */
const SUPERVISE_SECONDS = 5;

/** Addresses of hosts, the presence of workers, and what the tasks of each queue require. */
const TABLES = `DO $$ BEGIN
  PERFORM pg_advisory_xact_lock(7241130655);
  CREATE SCHEMA IF NOT EXISTS perch;
  CREATE TABLE IF NOT EXISTS perch.hosts (
    id uuid PRIMARY KEY, name text NOT NULL, url text NOT NULL, token text NOT NULL, certificate text,
    version text NOT NULL, seen_at timestamptz NOT NULL);
  CREATE TABLE IF NOT EXISTS perch.workers (
    id uuid PRIMARY KEY, name text NOT NULL, version text NOT NULL, refusals jsonb NOT NULL, seen_at timestamptz NOT NULL);
  CREATE TABLE IF NOT EXISTS perch.requirements (
    queue text PRIMARY KEY, requirement jsonb NOT NULL, seen_at timestamptz NOT NULL);
END $$`;

/** PostgreSQL's code for a unique violation: despite the lock, a process may not see yet what another one has created. */
const UNIQUE_VIOLATION = '23505';

export interface QueueOptions {
  /** Receives failures of the connection; pg-boss connects again by itself. */
  onError?(error: PerchError): void;
  /** Most connections to the database at a time, besides the one that listens. */
  connections?: number;
}

/** A connection to the queue: a PostgreSQL database with pg-boss. */
export class Queue {
  readonly boss: PgBoss;
  readonly url: string;

  private constructor(boss: PgBoss, url: string) {
    this.boss = boss;
    this.url = url;
  }

  /** @throws PerchError `QUEUE_UNUSABLE` */
  static async open(
    url: string,
    { onError = () => {}, connections = 10 }: QueueOptions = {},
  ): Promise<Queue> {
    // Loaded only where a queue is used.
    const { PgBoss } = await import('pg-boss');
    const boss = new PgBoss({
      connectionString: url,
      schema: SCHEMA,
      application_name: 'perch',
      connectionTimeoutMillis: CONNECT_MS,
      max: connections,
      useListenNotify: true,
      schedule: false,
      registerInstance: false,
      superviseIntervalSeconds: SUPERVISE_SECONDS,
      monitorIntervalSeconds: SUPERVISE_SECONDS,
    });
    boss.on('error', (error) => onError(unusable(url, error)));
    try {
      await boss.start();
      keepErrors(boss);
      await createTables(boss);
    } catch (cause) {
      await boss.stop({ graceful: false }).catch(() => {});
      throw unusable(url, cause);
    }
    return new Queue(boss, url);
  }

  /** @throws PerchError `QUEUE_UNUSABLE` */
  async query<Row>(text: string, values: unknown[] = []): Promise<Row[]> {
    try {
      return (await this.boss.getDb().executeSql(text, values)).rows as Row[];
    } catch (cause) {
      throw unusable(this.url, cause);
    }
  }

  /** The typed error of a failed call of pg-boss. */
  failure(cause: unknown): PerchError {
    return unusable(this.url, cause);
  }

  /** @param timeoutMs how long tasks in work may take to end before they go back to the queue; 0 by default */
  async close(timeoutMs = 0): Promise<void> {
    await this.boss.stop({ graceful: timeoutMs > 0, timeout: timeoutMs, close: true }).catch(() => {});
  }
}

/** The part of pg-boss's database that this module needs and its types leave out. */
interface Pooled {
  pool?: EventEmitter<{ acquire: [EventEmitter] }>;
}

/**
 * A connection that the pool has handed out emits the end of a stopped server, which ends the process if nobody listens. The query
 * that waits for it fails as well.
 */
function keepErrors(boss: PgBoss): void {
  const known = new WeakSet<EventEmitter>();
  (boss.getDb() as Pooled).pool?.on('acquire', (client) => {
    if (!known.has(client)) client.on('error', () => {});
    known.add(client);
  });
}

async function createTables(boss: PgBoss, attempts = 5): Promise<void> {
  try {
    await boss.getDb().executeSql(TABLES);
  } catch (cause) {
    if ((cause as { code?: string }).code !== UNIQUE_VIOLATION || attempts === 1) throw cause;
    await createTables(boss, attempts - 1);
  }
}

/** The typed error of a failed connection or query. */
export function unusable(url: string, cause: unknown): PerchError {
  if (cause instanceof PerchError) return cause;
  return new PerchError(
    'QUEUE_UNUSABLE',
    `The queue ${withoutPassword(url)} cannot be used: ${reasonOf(cause, url)}`,
    cause,
  );
}

/** A driver's message ends a sentence and never repeats the password. */
function reasonOf(cause: unknown, url: string): string {
  const errors = cause instanceof AggregateError ? (cause.errors as unknown[]) : [cause];
  const text = errors.map((error) => (error instanceof Error ? error.message : String(error))).join('; ');
  const { password } = new URL(url);
  const safe =
    password === '' ? text : text.replaceAll(decodeURIComponent(password), '***').replaceAll(password, '***');
  return `${safe.replace(/\.+$/, '')}. Check that its server runs, and its address, user and password.`;
}
