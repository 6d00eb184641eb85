import type { Statement } from 'better-sqlite3';
import { PerchError } from '../common/api/errors.ts';
import type { RollDirection } from '../common/api/rolls.ts';
import type { KeepRule, StationAlarm } from '../common/api/station.ts';
import { type Connection, transaction } from './database.ts';
import { LEASE_MS } from './runs.ts';

/** A stored station. */
export interface StoredStation {
  id: number;
  name: string;
  /** Absolute path. */
  folder: string;
  dataset: number;
  textureClass: string;
  recipe: number;
  /** Whether a process watches it, or should. */
  watched: boolean;
  polling: boolean;
  /** The direction of travel in its images if they are frames of rolls; null if they are not. */
  rollDirection: RollDirection | null;
  /** Local times, `HH:MM`, in order. */
  shifts: string[];
  alarmAfter: number;
  keep: KeepRule;
  alarm: StationAlarm | null;
  /** Only later pieces raise an alarm. */
  acknowledgedSequence: number;
  /** The process that watches it, and until when its lease holds (ms since 1970). */
  leaseOwner: string | null;
  leaseExpiresAtMs: number | null;
  createdAt: string;
}

export type NewStation = Pick<StoredStation, 'folder' | 'dataset' | 'textureClass' | keyof StationChoices>;

/** What can change. */
export type StationChoices = Pick<
  StoredStation,
  'name' | 'recipe' | 'polling' | 'rollDirection' | 'shifts' | 'alarmAfter' | 'keep'
>;

interface StationRow extends Omit<StoredStation, 'watched' | 'polling' | 'shifts' | 'keep' | 'alarm'> {
  watched: 0 | 1;
  polling: 0 | 1;
  shifts: string;
  keep: string;
  alarm: string | null;
}

const select = `SELECT id, name, folder, dataset_id AS dataset, texture_class AS textureClass, recipe_id AS recipe, watched, polling,
    roll_direction AS rollDirection, shifts,
    alarm_after AS alarmAfter, keep, alarm, acknowledged_sequence AS acknowledgedSequence, lease_owner AS leaseOwner,
    lease_expires_at_ms AS leaseExpiresAtMs, created_at AS createdAt
  FROM stations`;

/** Stations and their leases. At most one process watches a station. Its lease expires after `LEASE_MS` unless it is renewed. */
export class StationTable {
  readonly #database: Connection;
  readonly #all: Statement<[], StationRow>;
  readonly #byId: Statement<[number], StationRow>;
  readonly #byFolder: Statement<[string], StationRow>;
  readonly #byName: Statement<[string], StationRow>;
  readonly #byClass: Statement<[number, string], StationRow>;
  readonly #lease: Statement<[object]>;
  readonly #renew: Statement<[object]>;
  readonly #held: Statement<[number, string]>;

  constructor(database: Connection) {
    this.#database = database;
    this.#all = database.prepare(`${select} ORDER BY name`);
    this.#byId = database.prepare(`${select} WHERE id = ?`);
    this.#byFolder = database.prepare(`${select} WHERE folder = ?`);
    this.#byName = database.prepare(`${select} WHERE name = ?`);
    this.#byClass = database.prepare(`${select} WHERE dataset_id = ? AND texture_class = ?`);
    this.#lease = database.prepare(
      'UPDATE stations SET watched = 1, lease_owner = @owner, lease_expires_at_ms = @until WHERE id = @id',
    );
    this.#renew = database.prepare(
      'UPDATE stations SET lease_expires_at_ms = @until WHERE id = @id AND lease_owner = @owner',
    );
    this.#held = database.prepare('SELECT 1 FROM stations WHERE id = ? AND lease_owner = ?');
  }

  /** Sorted by name. */
  list(): StoredStation[] {
    return this.#all.all().map(rowToStation);
  }

  /** @throws PerchError `NOT_FOUND` */
  get(id: number): StoredStation {
    const row = this.#byId.get(id);
    if (row) return rowToStation(row);
    throw new PerchError('NOT_FOUND', 'This station does not exist. It may have been removed.');
  }

  findByFolder(folder: string): StoredStation | undefined {
    const row = this.#byFolder.get(folder);
    return row && rowToStation(row);
  }

  findByName(name: string): StoredStation | undefined {
    const row = this.#byName.get(name);
    return row && rowToStation(row);
  }

  /** The station whose pieces are images of a class. */
  findByClass(dataset: number, textureClass: string): StoredStation | undefined {
    const row = this.#byClass.get(dataset, textureClass);
    return row && rowToStation(row);
  }

  /** @throws PerchError `CONFLICT` if a station has the name or the folder */
  add(station: NewStation): number {
    return transaction(this.#database, () => {
      this.#assertFree(station);
      const { lastInsertRowid } = this.#database
        .prepare(
          `INSERT INTO stations (name, folder, dataset_id, texture_class, recipe_id, polling, roll_direction, shifts, alarm_after, keep,
             created_at)
           VALUES (@name, @folder, @dataset, @textureClass, @recipe, @polling, @rollDirection, @shifts, @alarmAfter, @keep, @now)`,
        )
        .run({ ...choicesToRow(station), now: new Date().toISOString() });
      return Number(lastInsertRowid);
    });
  }

  /** @throws PerchError `NOT_FOUND`, `CONFLICT` if another station has the name */
  change(id: number, choices: StationChoices): void {
    transaction(this.#database, () => {
      this.#assertFree({ ...this.get(id), ...choices }, id);
      this.#database
        .prepare(
          `UPDATE stations SET name = @name, recipe_id = @recipe, polling = @polling, roll_direction = @rollDirection, shifts = @shifts,
             alarm_after = @alarmAfter, keep = @keep WHERE id = @id`,
        )
        .run({ ...choicesToRow(choices), id });
    });
  }

  remove(id: number): void {
    transaction(this.#database, () => this.#database.prepare('DELETE FROM stations WHERE id = ?').run(id));
  }

  /**
   * Leases a station to `owner`, unless another process that lives holds it.
   *
   * @returns whether `owner` holds it now
   * @throws PerchError `NOT_FOUND`
   */
  claim(id: number, owner: string, isProcessDead: (owner: string) => boolean): boolean {
    return transaction(this.#database, () => {
      if (isLeasedByOther(this.get(id), owner, isProcessDead)) return false;
      this.#lease.run({ id, owner, until: Date.now() + LEASE_MS });
      return true;
    });
  }

  /** Ids of the stations that should be watched and that no living process watches. */
  listOrphans(owner: string, isProcessDead: (owner: string) => boolean): number[] {
    return this.list()
      .filter(
        (station) =>
          station.watched && station.leaseOwner !== owner && !isLeasedByOther(station, owner, isProcessDead),
      )
      .map(({ id }) => id);
  }

  /** @returns whether `owner` still holds it */
  renew(id: number, owner: string): boolean {
    return transaction(
      this.#database,
      () => this.#renew.run({ id, owner, until: Date.now() + LEASE_MS }).changes === 1,
    );
  }

  isHeldBy(id: number, owner: string): boolean {
    return this.#held.get(id, owner) !== undefined;
  }

  /** Ends the lease of `owner`. A station that stays `watched` can be claimed by another process. */
  release(id: number, owner: string, { watched }: { watched: boolean }): void {
    transaction(this.#database, () =>
      this.#database
        .prepare(
          `UPDATE stations SET watched = ?, lease_owner = NULL, lease_expires_at_ms = NULL WHERE id = ? AND lease_owner = ?`,
        )
        .run(Number(watched), id, owner),
    );
  }

  /** Stops a station that another process watches. That process notices when it renews its lease. */
  stop(id: number): void {
    transaction(this.#database, () =>
      this.#database
        .prepare(
          'UPDATE stations SET watched = 0, lease_owner = NULL, lease_expires_at_ms = NULL WHERE id = ?',
        )
        .run(id),
    );
  }

  setAlarm(id: number, alarm: StationAlarm): void {
    transaction(this.#database, () =>
      this.#database.prepare('UPDATE stations SET alarm = ? WHERE id = ?').run(JSON.stringify(alarm), id),
    );
  }

  /** Ends the alarm. Pieces up to `sequence` raise no other one. */
  acknowledge(id: number, sequence: number): void {
    transaction(this.#database, () =>
      this.#database
        .prepare('UPDATE stations SET alarm = NULL, acknowledged_sequence = ? WHERE id = ?')
        .run(sequence, id),
    );
  }

  #assertFree({ name, folder }: { name: string; folder: string }, own?: number): void {
    const sameName = this.findByName(name);
    if (sameName && sameName.id !== own)
      throw new PerchError(
        'CONFLICT',
        `There is a station "${name}" already; it watches ${sameName.folder}. Choose another name.`,
      );
    const sameFolder = this.findByFolder(folder);
    if (sameFolder && sameFolder.id !== own)
      throw new PerchError('CONFLICT', `The station "${sameFolder.name}" watches ${folder} already.`);
  }
}

function isLeasedByOther(
  { leaseOwner, leaseExpiresAtMs }: StoredStation,
  owner: string,
  isProcessDead: (owner: string) => boolean,
): boolean {
  if (leaseOwner === null || leaseOwner === owner) return false;
  return (leaseExpiresAtMs ?? 0) > Date.now() && !isProcessDead(leaseOwner);
}

function rowToStation({ watched, polling, shifts, keep, alarm, ...row }: StationRow): StoredStation {
  return {
    ...row,
    watched: watched === 1,
    polling: polling === 1,
    shifts: JSON.parse(shifts) as string[],
    keep: keepRuleOf(keep),
    alarm: alarm === null ? null : (JSON.parse(alarm) as StationAlarm),
  };
}

/** An earlier version kept all records. The order of the properties stays, so that an unchanged rule is not a change for the audit log. */
function keepRuleOf(json: string): KeepRule {
  const rule = JSON.parse(json) as Omit<KeepRule, 'records'> & Partial<KeepRule>;
  return { ...rule, records: rule.records ?? null };
}

function choicesToRow<Choices extends StationChoices>(choices: Choices): object {
  const { polling, shifts, keep } = choices;
  return {
    ...choices,
    polling: Number(polling),
    shifts: JSON.stringify(shifts),
    keep: JSON.stringify(keep),
  };
}
