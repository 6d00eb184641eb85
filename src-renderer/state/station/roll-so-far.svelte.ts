import { createContext } from 'svelte';
import type { StationRoll, StationRollDefects } from '../../../src-main/common/api/station-frames.ts';
import type { Piece, Station } from '../../../src-main/common/api/station.ts';
import type { Client } from '../../api/connection.svelte.ts';
import { isConnectionLost, toErrorReport } from '../../api/failures.ts';

/** Minimum interval of loads while frames arrive. */
const INTERVAL_MS = 500;

/** Rolls that a person can choose from. */
const LISTED = 50;

/** Long lists load less often: the pause is at least this many times as long as the last load. */
const PAUSE = 5;

/** The roll of the frame on screen, with its defects and its grade so far. */
export class RollSoFar {
  found = $state.raw<StationRollDefects>();
  /** The latest rolls of the station; `list` loads them. */
  rolls = $state.raw<readonly StationRoll[]>([]);
  /** Why it could not be loaded; empty if it was. */
  failure = $state('');
  readonly #client: Pick<Client, 'stations'>;
  readonly #rule: () => string;
  #wanted: { station: number; roll: string } | undefined;
  /** Number of the latest request. */
  #requests = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #loadedAt = -Infinity;
  /** Milliseconds of the last load. */
  #took = 0;

  /** @param rule name of the grading rule */
  constructor(client: Pick<Client, 'stations'>, rule: () => string) {
    this.#client = client;
    this.#rule = rule;
  }

  /** Shows the roll of a piece; nothing for one that is no frame. */
  show(station: Pick<Station, 'id'> | undefined, piece: Pick<Piece, 'frame'> | undefined): void {
    const frame = piece?.frame;
    if (!station || !frame) return this.#clear();
    const isSame = this.#wanted?.station === station.id && this.#wanted.roll === frame.roll;
    if (isSame) return;
    this.#clear();
    this.#wanted = { station: station.id, roll: frame.roll };
    this.#load();
  }

  /** Lists the latest rolls of the station. */
  async list(): Promise<void> {
    const station = this.#wanted?.station;
    if (station === undefined) return;
    try {
      this.rolls = (await this.#client.stations.rolls({ station, limit: LISTED })).rolls;
    } catch (thrown) {
      if (!isConnectionLost(thrown)) this.failure = toErrorReport(thrown).message;
    }
  }

  /** Shows another roll of the station, until `show` is called. */
  choose(roll: string): void {
    const station = this.#wanted?.station;
    this.#clear();
    if (station === undefined) return;
    this.#wanted = { station, roll };
    this.#load();
  }

  /** Takes a frame that was settled, or got a verdict: the roll is loaded again soon. */
  take({ station, frame }: Pick<Piece, 'station' | 'frame'>): void {
    if (this.#wanted?.station === station && this.#wanted.roll === frame?.roll) this.reload();
  }

  /** Loads the roll again soon. */
  reload(): void {
    if (!this.#wanted) return;
    const delay = this.#loadedAt + Math.max(INTERVAL_MS, PAUSE * this.#took) - performance.now();
    this.#timer ??= setTimeout(() => this.#load(), Math.max(0, delay));
  }

  #load(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#loadedAt = performance.now();
    void this.#request();
  }

  async #request(): Promise<void> {
    const wanted = this.#wanted;
    const request = ++this.#requests;
    if (!wanted) return;
    try {
      const started = performance.now();
      const found = await this.#client.stations.roll({ ...wanted, rule: this.#rule() });
      this.#took = performance.now() - started;
      if (request !== this.#requests) return;
      this.found = found;
      this.failure = '';
    } catch (thrown) {
      if (request === this.#requests && !isConnectionLost(thrown))
        this.failure = toErrorReport(thrown).message;
    }
  }

  #clear(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#wanted = undefined;
    this.#requests++;
    this.found = undefined;
    this.failure = '';
  }
}

export const [getRollSoFar, setRollSoFar] = createContext<RollSoFar>();
