import type { Piece, StationChart } from '../../../src-main/common/api/station.ts';
import type { Client } from '../../api/connection.svelte.ts';
import { isConnectionLost, toErrorReport } from '../../api/failures.ts';

/** The latest pieces that are drawn. */
const MAX_POINTS = 150;

type Point = StationChart['points'][number];

/** The control chart of a station's shift. It loads once, then grows with each piece, up to a limit. */
export class PieceChart {
  points = $state.raw<readonly Point[]>([]);
  /** Whether it has loaded. */
  loaded = $state(false);
  limits = $state.raw<StationChart['limits']>(null);
  thresholds = $state.raw<StationChart['thresholds']>(null);
  /** Why it could not be loaded; empty if it was. */
  failure = $state('');
  readonly #client: Pick<Client, 'stations'>;

  constructor(client: Pick<Client, 'stations'>) {
    this.#client = client;
  }

  /** @param signal aborts the load when the station, its shift or its recipe changes */
  async load(station: number, signal: AbortSignal): Promise<void> {
    try {
      const { points, limits, thresholds } = await this.#client.stations.chart({ station }, { signal });
      if (signal.aborted) return;
      this.loaded = true;
      this.points = points.slice(-MAX_POINTS);
      this.limits = limits;
      this.thresholds = thresholds;
      this.failure = '';
    } catch (thrown) {
      if (!signal.aborted && !isConnectionLost(thrown)) this.failure = toErrorReport(thrown).message;
    }
  }

  clear(): void {
    this.loaded = false;
    this.points = [];
    this.limits = null;
    this.thresholds = null;
    this.failure = '';
  }

  /** Adds the pieces that arrived after the last point, in order. Duplicates are not counted, so they are not drawn. */
  add(pieces: readonly Piece[]): void {
    const last = this.points.at(-1)?.sequence ?? 0;
    const added = pieces.flatMap(({ id, sequence, score, decision, decidedAt, duplicateOf }) =>
      sequence > last && score !== null && decidedAt !== null && duplicateOf === null
        ? [{ piece: id, sequence, at: decidedAt, score, decision }]
        : [],
    );
    if (added.length > 0) this.points = [...this.points, ...added].slice(-MAX_POINTS);
  }
}
