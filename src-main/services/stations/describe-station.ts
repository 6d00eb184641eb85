import { existsSync } from 'node:fs';
import type { Station, StationStatus } from '../../common/api/station.ts';
import type { StoredStation } from '../../store/stations.ts';
import type { Store } from '../../store/store.ts';
import { describeLeaseOwner, isProcessDead } from '../runs/lease.ts';
import { shiftAt } from './shift-at.ts';
import type { StationWorker } from './station-worker.ts';

/** @param worker that of this process, if it watches the station */
export function describeStation(
  store: Store,
  station: StoredStation,
  worker: StationWorker | undefined,
): Station {
  const recipe = store.recipes.get(station.recipe);
  return {
    id: station.id,
    name: station.name,
    folder: station.folder,
    dataset: station.dataset,
    textureClass: station.textureClass,
    polling: station.polling,
    rollDirection: station.rollDirection,
    shifts: station.shifts,
    alarmAfter: station.alarmAfter,
    keep: station.keep,
    createdAt: station.createdAt,
    recipe: { id: recipe.id, name: recipe.name, revision: recipe.latest.revision },
    state: stateOf(station, worker),
    heldBy: worker ? null : heldBy(station),
  };
}

function stateOf({ watched, folder }: StoredStation, worker: StationWorker | undefined): Station['state'] {
  if (!watched) return 'stopped';
  const isMissing = worker?.isFolderMissing ?? !existsSync(folder);
  return isMissing ? 'unavailable' : 'watching';
}

/** The other process that watches a station, as a sentence. */
export function heldBy({ leaseOwner, leaseExpiresAtMs }: StoredStation): string | null {
  if (leaseOwner === null || (leaseExpiresAtMs ?? 0) < Date.now() || isProcessDead(leaseOwner)) return null;
  return describeLeaseOwner(leaseOwner, 'watches this station');
}

/** @param worker that of this process, if it watches the station */
export function describeStatus(
  store: Store,
  station: StoredStation,
  worker: StationWorker | undefined,
): StationStatus {
  const { id, shifts, alarm } = station;
  const { count: backlog, oldest } = store.pieces.backlog(id);
  const shift = store.stationShifts.get(id, shiftAt(new Date(), shifts));
  const lags = [
    store.pieces.latestLag(id),
    oldest === null ? null : Math.max(0, (Date.now() - Date.parse(oldest)) / 1000),
  ].filter((lag) => lag !== null);
  return {
    station: id,
    backlog,
    oldestWaiting: oldest,
    alarm,
    shift,
    dropped: shift.dropped,
    state: stateOf(station, worker),
    lagSeconds: lags.length > 0 ? Math.max(...lags) : null,
    incomplete: worker?.incomplete ?? 0,
    halted: worker?.halted ?? null,
  };
}
