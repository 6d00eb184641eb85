import { createContext } from 'svelte';
import type { Piece, Station, StationAlarm, StationStatus } from '../../../src-main/common/api/station.ts';
import type { Client } from '../../api/connection.svelte.ts';
import { consumeStream } from '../../api/consume-stream.ts';
import { isConnectionLost, toErrorReport } from '../../api/failures.ts';
import { retryOnReconnect } from '../../api/retry.ts';
import type { Router } from '../navigation/router.svelte.ts';
import type { Notices } from '../notices.svelte.ts';

export type NewStation = Parameters<Client['stations']['create']>[0];
export type StationChange = Omit<Parameters<Client['stations']['change']>[0], 'station'>;
export type StationDialog = 'create' | 'change' | 'remove' | 'shifts' | 'outputs' | 'roll';

const none: ReadonlyMap<number, StationStatus> = new Map();

/** The stations of the store with their state, and the one that the screen shows. */
export class StationStore {
  all = $state.raw<readonly Station[]>([]);
  /** Whether the list has loaded. */
  loaded = $state(false);
  statuses = $state.raw<ReadonlyMap<number, StationStatus>>(none);
  /** The open dialog of the screen. */
  dialog = $state<StationDialog>();
  /** Whether the current station is being started or stopped. */
  switching = $state(false);
  readonly current: Station | undefined = $derived.by(
    () => this.all.find(({ id }) => id === this.#router.station) ?? this.all.at(0),
  );
  readonly status: StationStatus | undefined = $derived.by(
    () => this.current && this.statuses.get(this.current.id),
  );
  /** The alarms that nobody has acknowledged, of all stations. */
  readonly alarms: readonly { station: Station; alarm: StationAlarm }[] = $derived(
    this.all.flatMap((station) => {
      const alarm = this.statuses.get(station.id)?.alarm;
      return alarm ? [{ station, alarm }] : [];
    }),
  );

  readonly #client: Pick<Client, 'stations'>;
  readonly #notices: Notices;
  readonly #router: Pick<Router, 'station'>;
  readonly #onPiece: (piece: Piece) => void;
  /** Number of the latest request for the list. */
  #requests = 0;

  /** @param onPiece called with each piece that was decided, failed, or got a verdict */
  constructor(
    client: Pick<Client, 'stations'>,
    notices: Notices,
    router: Pick<Router, 'station'>,
    onPiece: (piece: Piece) => void,
  ) {
    this.#client = client;
    this.#notices = notices;
    this.#router = router;
    this.#onPiece = onPiece;
  }

  async load(): Promise<void> {
    const request = ++this.#requests;
    try {
      const { stations } = await this.#client.stations.list();
      if (request !== this.#requests) return;
      this.all = stations;
      this.loaded = true;
    } catch (thrown) {
      if (!isConnectionLost(thrown))
        this.#notices.showError('Could not load the stations', toErrorReport(thrown));
    }
  }

  /** Follows all stations until the connection ends. */
  async watch(): Promise<void> {
    await consumeStream(
      this.#client.stations.watch(),
      (event) => {
        if (event.type === 'piece') this.#onPiece(event.piece);
        else this.#takeStatuses(event.statuses);
      },
      (failure) => this.#notices.showError('Lost the stream of the stations from the server', failure),
    );
  }

  /** Adds a station, chooses it, and starts it. @throws errors from the call */
  async create(wanted: NewStation): Promise<void> {
    const created = await this.#client.stations.create(wanted);
    this.#put(created);
    this.#router.station = created.id;
    await this.toggle(created);
  }

  /** @throws errors from the call */
  async change(station: number, change: StationChange): Promise<void> {
    this.#put(await this.#client.stations.change({ station, ...change }));
  }

  /** @throws errors from the call */
  async remove(station: number): Promise<void> {
    await this.#client.stations.remove({ station });
    this.#requests++;
    this.all = this.all.filter(({ id }) => id !== station);
  }

  /** Starts a stopped station, and stops a started one. */
  async toggle({ id, name, state }: Station): Promise<void> {
    if (this.switching) return;
    const stopped = state === 'stopped';
    this.switching = true;
    try {
      const { start, stop } = this.#client.stations;
      this.#put(await (stopped ? start : stop)({ station: id }));
    } catch (thrown) {
      this.#notices.showError(`Could not ${stopped ? 'start' : 'stop'} ${name}`, toErrorReport(thrown));
    } finally {
      this.switching = false;
    }
  }

  /** Acknowledges the alarm of the current station, or else that of another one. */
  async acknowledge(): Promise<void> {
    const shown = this.alarms.find(({ station }) => station.id === this.current?.id) ?? this.alarms.at(0);
    if (!shown) return;
    const { id, name } = shown.station;
    try {
      await retryOnReconnect(() => this.#client.stations.acknowledgeAlarm({ station: id }));
      const status = this.statuses.get(id);
      if (status) this.#takeStatuses([...this.statuses.values(), { ...status, alarm: null }]);
    } catch (thrown) {
      this.#notices.showError(`Could not acknowledge the alarm of ${name}`, toErrorReport(thrown));
    }
  }

  /** Opens a dialog. All but the one that creates a station are about the current one. */
  openDialog(dialog: StationDialog): void {
    if (dialog === 'create' || this.current) this.dialog = dialog;
  }

  #put(station: Station): void {
    this.#requests++;
    this.all = this.all.some(({ id }) => id === station.id)
      ? this.all.map((each) => (each.id === station.id ? station : each))
      : [...this.all, station];
  }

  #takeStatuses(statuses: readonly StationStatus[]): void {
    // A folder disappears and comes back without a change of the store.
    const states = new Map(statuses.map(({ station, state }) => [station, state]));
    if (this.all.some(({ id, state }) => (states.get(id) ?? state) !== state))
      this.all = this.all.map((each) => ({ ...each, state: states.get(each.id) ?? each.state }));
    this.statuses = new Map([
      ...this.statuses,
      ...statuses.map((status) => [status.station, status] as const),
    ]);
  }
}

export const [getStations, setStations] = createContext<StationStore>();
