import type { Statement } from 'better-sqlite3';
import type { ShiftCount } from '../common/api/station.ts';
import { type Connection, transaction } from './database.ts';

/** A period of a station's counters. */
export interface Shift {
  /** Local date and time of its start: `2026-03-01 06:00`. */
  shift: string;
  from: Date;
  to: Date;
}

/** What a settled piece counts as. */
export type Counter = 'pass' | 'review' | 'reject' | 'undecided' | 'failed' | 'dropped' | 'duplicates';

type ShiftRow = Omit<ShiftCount, 'pieces' | 'rejectRate' | 'to'> & { to: string };

const COUNTERS: readonly Counter[] = [
  'pass',
  'review',
  'reject',
  'undecided',
  'failed',
  'dropped',
  'duplicates',
];

/** An operator overrules a decision by the opposite verdict. Duplicates share the image of the piece that counts. */
const select = `SELECT shift, from_at AS "from", to_at AS "to", ${COUNTERS.join(', ')},
    (SELECT count(*) FROM pieces AS p JOIN verdicts AS g ON g.id = p.verdict_id
       JOIN verdicts AS v ON v.id = (
         SELECT max(id) FROM verdicts WHERE session_id = g.session_id AND image_id = g.image_id AND revoked = 0)
     WHERE p.station_id = c.station_id AND p.shift = c.shift AND p.duplicate_of IS NULL
       AND (p.decision = 'pass' AND v.verdict = 'reject' OR p.decision = 'reject' AND v.verdict = 'accept')) AS overruled
  FROM station_shifts AS c`;

/** Counters of stations by shift, and the review sessions of a shift's operators. */
export class StationShiftTable {
  readonly #database: Connection;
  readonly #one: Statement<[number, string], ShiftRow>;
  readonly #latest: Statement<[number, number], ShiftRow>;
  readonly #count: ReadonlyMap<Counter, Statement<[object]>>;

  constructor(database: Connection) {
    this.#database = database;
    this.#one = database.prepare(`${select} WHERE station_id = ? AND shift = ?`);
    this.#latest = database.prepare(`${select} WHERE station_id = ? ORDER BY from_at DESC LIMIT ?`);
    this.#count = new Map(
      COUNTERS.map((counter) => [
        counter,
        database.prepare(
          `INSERT INTO station_shifts (station_id, shift, from_at, to_at, ${counter}) VALUES (@station, @shift, @from, @to, 1)
           ON CONFLICT DO UPDATE SET ${counter} = ${counter} + 1, to_at = excluded.to_at`,
        ),
      ]),
    );
  }

  /** Counts a piece. */
  count(station: number, shift: Shift, counter: Counter): void {
    transaction(this.#database, () => this.#count.get(counter)?.run({ station, ...shiftToRow(shift) }));
  }

  /** The counters of a shift, all zero before its first piece. */
  get(station: number, shift: Shift): ShiftCount {
    const zeros = Object.fromEntries(COUNTERS.map((counter) => [counter, 0])) as Record<Counter, number>;
    return rowToCount(
      this.#one.get(station, shift.shift) ?? { ...shiftToRow(shift), ...zeros, overruled: 0 },
    );
  }

  /** Newest first. */
  list(station: number, limit: number): ShiftCount[] {
    return this.#latest.all(station, limit).map(rowToCount);
  }

  /** The review session of an operator in a shift. */
  findSession(station: number, shift: string, operator: string): number | undefined {
    return this.#database
      .prepare<[number, string, string], number>(
        'SELECT session_id FROM station_sessions WHERE station_id = ? AND shift = ? AND operator = ?',
      )
      .pluck()
      .get(station, shift, operator);
  }

  addSession(station: number, shift: string, operator: string, session: number): void {
    transaction(this.#database, () =>
      this.#database
        .prepare('INSERT INTO station_sessions VALUES (?, ?, ?, ?)')
        .run(station, shift, operator, session),
    );
  }
}

function shiftToRow({ shift, from, to }: Shift) {
  return { shift, from: from.toISOString(), to: to.toISOString() };
}

function rowToCount({ to, ...row }: ShiftRow): ShiftCount {
  const decided = row.pass + row.review + row.reject;
  return {
    ...row,
    to: Date.parse(to) > Date.now() ? null : to,
    pieces: decided + row.undecided + row.failed + row.dropped,
    rejectRate: decided > 0 ? row.reject / decided : null,
  };
}
