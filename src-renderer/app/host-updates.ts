import type { StoreTopic } from '../../src-main/common/api/schemas.ts';
import { bridge } from '../api/bridge.ts';
import { consumeStream } from '../api/consume-stream.ts';
import type { Stores } from './stores.ts';

/**
 * Loads the host's data and follows its streams. Called with every connection, because streams end with their
 * connection.
 */
export function loadFromHost(stores: Stores): void {
  void stores.host.watch();
  void watchChanges(stores);
  void stores.datasets.watch();
  void stores.runs.watch();
  void stores.settings.load();
  void stores.methods.load();
  void stores.recipes.load();
  void stores.stations.load();
  void stores.stations.watch();
  void stores.annotation.saveAll();
  openDataset(stores, stores.datasets.current?.id);
}

/** Loads a dataset's data. */
export function openDataset(stores: Stores, dataset: number | undefined): void {
  stores.results.open(dataset);
  if (bridge && dataset !== undefined)
    void stores.connection.client.system.noteDataset({ dataset }).catch(() => undefined);
  void stores.verdicts.open(dataset);
  void stores.methods.open(dataset);
  void stores.reviews.open(dataset);
  void stores.rolls.open(dataset);
  openRecipeRecords(stores, dataset);
  void stores.scales.open(dataset);
}

/** Loads a dataset's recipe data: decisions, marks, and inspection regions. */
function openRecipeRecords({ decisions, marks, regions }: Stores, dataset: number | undefined): void {
  void decisions.open(dataset);
  void marks.open(dataset);
  void regions.open(dataset);
}

export function openThresholds(
  { thresholds }: Stores,
  dataset: number | undefined,
  method: number | undefined,
): void {
  if (dataset !== undefined && method !== undefined) void thresholds.load(dataset, method);
}

/** What a roll's defects and grade depend on. */
const gradingTopics: readonly StoreTopic[] = ['recipes', 'rolls', 'scales', 'thresholds'];

/** Reloads data that any window or process has written to the store. */
async function watchChanges(stores: Stores): Promise<void> {
  const { datasets, methods, notices, recipes, reviews, rolls, settings, verdicts } = stores;
  await consumeStream(
    stores.connection.client.system.changes(),
    ({ topics }) => {
      const dataset = datasets.current?.id;
      if (topics.includes('audit')) void stores.audit.reload();
      if (topics.includes('outputs')) void stores.outputs.reload();
      if (topics.includes('settings')) {
        void settings.load();
        // Added grading rules are settings as well.
        if (dataset !== undefined) void rolls.loadRules();
      }
      if (topics.includes('methods')) void methods.open(dataset);
      if (topics.includes('recipes')) {
        void recipes.load();
        openRecipeRecords(stores, dataset);
      }
      if (topics.includes('stations') || topics.includes('recipes')) void stores.stations.load();
      if (topics.includes('scales')) void stores.scales.open(dataset);
      if (topics.includes('rolls')) void rolls.open(dataset);
      if (topics.some((topic) => gradingTopics.includes(topic))) rolls.version++;
      if (topics.includes('thresholds')) openThresholds(stores, dataset, methods.selectedId);
      if (topics.includes('sessions')) {
        // Verdicts label images for calibration.
        recipes.version++;
        void verdicts.open(dataset);
        void reviews.open(dataset);
      }
    },
    (failure) => notices.showError('Lost the stream of changes from the server', failure),
  );
}
