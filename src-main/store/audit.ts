import type { Statement } from 'better-sqlite3';
import type { AuditEntry, AuditFilter, AuditSubject } from '../common/api/audit.ts';
import { type Connection, transaction } from './database.ts';

interface EntryRow {
  id: number;
  at: string;
  actor: string;
  type: AuditSubject;
  subject: string;
  name: string;
  action: string;
  before: string | null;
  after: string | null;
  hidden: 0 | 1;
}

/** The filter of a query; null for no limit. */
interface Filter {
  type: AuditSubject | null;
  subject: string | null;
  actor: string | null;
  since: string | null;
}

const MATCHES = `(@type IS NULL OR subject_type = @type) AND (@subject IS NULL OR subject_id = @subject)
  AND (@actor IS NULL OR actor = @actor) AND (@since IS NULL OR at >= @since)`;

/** Entries about images of an unfinished blind review would show its operator what the review hides. */
const HIDDEN = `subject_type IN ('verdict', 'ground-truth', 'calibration-mark') AND EXISTS (
  SELECT 1 FROM session_images AS i JOIN sessions AS s ON s.id = i.session_id
  WHERE i.image_id = CAST(subject_id AS INTEGER) AND s.blind = 1 AND s.ended_at IS NULL)`;

const SELECT = `SELECT id, at, actor, subject_type AS type, subject_id AS subject, subject_name AS name, action, before, after,
  ${HIDDEN} AS hidden FROM audit_entries WHERE ${MATCHES}`;

/** Who changed what, when. Triggers add the entries; none is changed or removed. */
export class AuditTable {
  readonly #database: Connection;
  readonly #newest: Statement<[Filter & { before: number; limit: number }], EntryRow>;
  readonly #oldest: Statement<[Filter], EntryRow>;
  readonly #count: Statement<[Filter], number>;
  readonly #actors: Statement<[], string>;
  readonly #add: Statement<[object]>;

  constructor(database: Connection) {
    this.#database = database;
    this.#newest = database.prepare(`${SELECT} AND id < @before ORDER BY id DESC LIMIT @limit`);
    this.#oldest = database.prepare(`${SELECT} ORDER BY id`);
    this.#count = database
      .prepare<[Filter], number>(`SELECT count(*) FROM audit_entries WHERE ${MATCHES}`)
      .pluck();
    this.#actors = database
      .prepare<[], string>('SELECT DISTINCT actor FROM audit_entries ORDER BY actor COLLATE NOCASE')
      .pluck();
    this.#add = database.prepare(
      `INSERT INTO audit_entries (at, actor, subject_type, subject_id, subject_name, action, before, after)
       VALUES (@at, actor(NULL, (SELECT value FROM settings WHERE name = 'operator')), @type, @id, @name, @action, @before, @after)`,
    );
  }

  /** Newest first. */
  list(filter: AuditFilter, before = Number.MAX_SAFE_INTEGER, limit = 100): AuditEntry[] {
    return this.#newest.all({ ...filterOf(filter), before, limit }).map(rowToEntry);
  }

  /** Oldest first. */
  *all(filter: AuditFilter): Generator<AuditEntry> {
    for (const row of this.#oldest.iterate(filterOf(filter))) yield rowToEntry(row);
  }

  count(filter: AuditFilter): number {
    return this.#count.get(filterOf(filter)) ?? 0;
  }

  actors(): string[] {
    return this.#actors.all();
  }

  /** Adds the entry of a change that no trigger can see as one, such as that of a file. */
  add(
    subject: AuditEntry['subject'],
    action: string,
    { before, after }: { before?: object | undefined; after?: object | undefined } = {},
  ): void {
    const json = (value: object | undefined) => (value === undefined ? null : JSON.stringify(value));
    const row = {
      ...subject,
      at: new Date().toISOString(),
      action,
      before: json(before),
      after: json(after),
    };
    transaction(this.#database, () => this.#add.run(row));
  }
}

function filterOf({ subject, actor, since }: AuditFilter): Filter {
  return {
    type: subject?.type ?? null,
    subject: subject?.id ?? null,
    actor: actor ?? null,
    since: since === undefined ? null : new Date(since).toISOString(),
  };
}

function rowToEntry({
  id,
  at,
  actor,
  type,
  subject,
  name,
  action,
  before,
  after,
  hidden,
}: EntryRow): AuditEntry {
  const value = (json: string | null) =>
    json === null || hidden === 1 ? null : (JSON.parse(json) as AuditEntry['before']);
  return {
    id,
    at,
    actor,
    action,
    subject: { type, id: subject, name: hidden === 1 ? 'Image of a blind review' : name },
    before: value(before),
    after: value(after),
  };
}
