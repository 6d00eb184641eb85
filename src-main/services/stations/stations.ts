import { PerchError } from '../../common/api/errors.ts';
import type { EngineClient } from '../../engine/client/engine-client.ts';
import type { StoredStation } from '../../store/stations.ts';
import type { Store } from '../../store/store.ts';
import { describeImage } from '../datasets/describe-dataset.ts';
import { storeMethod } from '../methods/store-method.ts';
import { GradingRules } from '../rolls/grading-rules.ts';
import type { Services } from '../types.ts';
import { assertFolder, changeStation, createStation } from './create-station.ts';
import { describeStation, heldBy } from './describe-station.ts';
import { giveVerdict } from './give-verdict.ts';
import type { SettlingContext } from './settle-piece.ts';
import { stationChart } from './station-chart.ts';
import { listRolls, rollSoFar } from './roll-so-far.ts';
import { WatchedStations } from './watched-stations.ts';

/** The procedures for stations, which watch folders and decide the images that arrive. */
export function openStations(
  context: { store: Store; engine: EngineClient } & Pick<SettlingContext, 'onSettled'>,
): Services['stations'] & { close(): Promise<void> } {
  const { store } = context;
  const watched = new WatchedStations(context);
  const rules = new GradingRules(store);
  const describe = (station: StoredStation) => describeStation(store, station, watched.workerOf(station.id));
  const describeById = (id: number) => describe(store.stations.get(id));
  return {
    list: () => ({ stations: store.stations.list().map(describe) }),
    async create(wishes) {
      const station = await createStation(store, wishes);
      await storeMethod(store, store.recipes.get(station.recipe).latest.definition.method);
      store.changes.emit('datasets');
      return describe(station);
    },
    async change({ station: id, ...wishes }) {
      const before = store.stations.get(id);
      const station = changeStation(store, id, wishes);
      await storeMethod(store, store.recipes.get(station.recipe).latest.definition.method);
      if (station.polling !== before.polling || station.rollDirection !== before.rollDirection)
        await watched.restart(id);
      watched.listeners.changed();
      return describe(station);
    },
    remove({ station: id }) {
      const station = store.stations.get(id);
      if (watched.workerOf(id) || heldBy(station) !== null)
        throw new PerchError('CONFLICT', `The station "${station.name}" is being watched. Stop it first.`);
      store.stations.remove(id);
      watched.listeners.changed();
    },
    async start({ station: id }) {
      await assertFolder(store.stations.get(id).folder);
      watched.start(id);
      return describeById(id);
    },
    async stop({ station: id }) {
      store.stations.get(id);
      await watched.stop(id);
      return describeById(id);
    },
    watch: (_, signal) => watched.listeners.watch(signal),
    pieces({ station, before, limit }) {
      store.stations.get(station);
      return { pieces: store.pieces.list(station, { before, limit }) };
    },
    view({ piece: id }) {
      const { image, result, recipe, revision } = store.pieces.get(id);
      const revisions = recipe === null ? [] : store.recipes.listRevisions(recipe);
      return {
        image: image === null ? null : describeImage(store.images.get(image)),
        result: result === null ? null : store.results.get(result),
        definition: revisions.find((each) => each.revision === revision)?.definition ?? null,
      };
    },
    shifts({ station, limit }) {
      store.stations.get(station);
      return { shifts: store.stationShifts.list(station, limit) };
    },
    verdict(said) {
      const piece = giveVerdict(store, said);
      watched.listeners.piece(piece);
      return piece;
    },
    acknowledgeAlarm({ station }) {
      store.stations.get(station);
      store.stations.acknowledge(station, store.pieces.lastSequence(station));
      watched.listeners.changed();
    },
    rolls: ({ station, limit }) => ({ rolls: listRolls(store, store.stations.get(station), limit) }),
    roll: ({ station, ...wishes }) => rollSoFar(store, rules, store.stations.get(station), wishes),
    chart: ({ station, shift }) => stationChart(store, station, shift),
    claimOrphans: () => watched.claimOrphans(),
    close: () => watched.close(),
  };
}
