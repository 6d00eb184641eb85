import { once } from 'node:events';
import { EngineClient, type EngineOptions } from '../engine/client/engine-client.ts';
import { Secrets } from '../files/secrets.ts';
import { Store } from '../store/store.ts';
import { openAnnotation } from './annotation/annotation.ts';
import { openAudit } from './audit/audit.ts';
import { openDatasets } from './datasets/datasets.ts';
import { receiveUpload } from './datasets/uploads.ts';
import { openImageAssets } from './datasets/image-assets.ts';
import { openEvaluations } from './evaluation/evaluation.ts';
import { openMethods } from './methods/methods.ts';
import { openModels } from './models/models.ts';
import { openOutputs } from './outputs/outputs.ts';
import { sendDecision } from './outputs/send-decision.ts';
import { QueueSource } from './queue/queue-source.ts';
import { openRecipes } from './recipes/recipes.ts';
import { openRegions } from './regions/regions.ts';
import { openRolls } from './rolls/rolls.ts';
import { openRuns } from './runs/runs.ts';
import { openScales } from './scales/scales.ts';
import { openSessions } from './sessions/sessions.ts';
import { openSettings } from './settings/settings.ts';
import { openStations } from './stations/stations.ts';
import { startDailyBackups } from './storage/daily-backups.ts';
import { openStorage } from './storage/storage.ts';
import { StoreChanges } from './store-changes.ts';
import type { EngineState, Services } from './types.ts';

/**
 * Opens the user's store, starts an engine, and builds a host's services on them. Closing the services closes
 * both.
 *
 * @throws PerchError `STORE_TOO_NEW`, `STORE_UNUSABLE`, `STORE_BUSY`, `DISK_FULL`
 */
export async function openServices(options: EngineOptions = {}): Promise<Services> {
  const store = new Store();
  const engine = new EngineClient(options);
  const services = createServices(store, engine);
  const copies = startDailyBackups(store);
  engine.start();
  return {
    ...services,
    async close() {
      await services.close();
      await engine.close();
      await copies.stop();
      store.close();
    },
  };
}

/** Builds the services on a store and an engine, which the caller closes after the services. */
export function createServices(store: Store, engine: EngineClient): Services {
  const queue = new QueueSource(store.settings, new Secrets(store.home));
  const runs = openRuns(store, engine, queue);
  const settings = openSettings(store, queue);
  const recipes = openRecipes(store, engine, runs);
  const outputs = openOutputs(store);
  const stations = openStations({
    store,
    engine,
    onSettled: (station, piece) => sendDecision(store, station, piece),
  });
  return {
    imageAssets: openImageAssets(store, engine),
    uploads: { receive: (...file) => receiveUpload(store.home, ...file) },
    engine: { watch: (signal) => watch(engine, signal) },
    changes: new StoreChanges(store),
    methods: openMethods(store),
    datasets: openDatasets(store, engine),
    runs,
    evaluation: openEvaluations(store, engine),
    sessions: openSessions(store, recipes),
    recipes,
    regions: openRegions(store, engine),
    rolls: openRolls({ store, engine, runs, settings }),
    scales: openScales(store),
    stations,
    annotation: openAnnotation(store, engine),
    settings,
    models: openModels(engine, store.audit),
    storage: openStorage(store, engine),
    outputs: outputs.procedures,
    audit: openAudit(store),
    async close() {
      runs.close();
      await stations.close();
      await outputs.close();
    },
  };
}

async function* watch(engine: EngineClient, signal: AbortSignal): AsyncGenerator<EngineState> {
  while (!signal.aborted) {
    // Subscribes before the yield, so that no change is missed.
    const changed = once(engine, 'change', { signal }).catch(() => {});
    const { info } = engine;
    yield { engine: engine.status, device: info?.device ?? '', warnings: info?.warnings ?? [] };
    await changed;
  }
}
