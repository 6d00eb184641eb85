import { PerchError } from '../../common/api/errors.ts';
import type { EngineClient } from '../../engine/client/engine-client.ts';
import { persistentSamples } from '../../files/samples.ts';
import type { Store } from '../../store/store.ts';
import type { Services } from '../types.ts';
import { previewRoll } from '../rolls/preview-roll.ts';
import { withKnownRolls } from '../rolls/with-known-rolls.ts';
import { DatasetChanges } from './dataset-changes.ts';
import { verifyDataset } from './verify-dataset.ts';
import { countPlanned, describeDataset, describeImage, explainPlan } from './describe-dataset.ts';
import { discardUpload, removeUploadIfUnused } from './uploads.ts';
import { importDataset } from './import-dataset.ts';
import { planImport } from './plan-import.ts';
import { relativeProblems } from './relative-problems.ts';
import { relocateDataset } from './relocate-dataset.ts';

/** The procedures of datasets. */
export function openDatasets(store: Store, engine: EngineClient): Services['datasets'] {
  const changes = new DatasetChanges(store);
  const emit = () => store.changes.emit('datasets');
  const layoutOf = (root: string) => store.datasets.getByRoot(root)?.layout;
  const changed = (dataset: number) => {
    emit();
    return describeDataset(store, dataset);
  };
  return {
    list: () => ({ datasets: store.datasets.list().map(({ id }) => describeDataset(store, id)) }),
    async preview({ paths, layout, name }) {
      const plan = await withKnownRolls(store, await planImport(paths, layout, layoutOf));
      const existing = store.datasets.getByRoot(plan.root);
      const roll = previewRoll(plan, paths);
      return {
        name: name ?? existing?.name ?? store.datasets.uniqueName(plan.wish),
        layout: plan.layout.name,
        root: plan.root,
        classes: countPlanned(plan),
        problems: relativeProblems(plan.problems, plan.root),
        roles: explainPlan(plan),
        skipped: plan.skipped,
        ...(plan.blockedReason === undefined ? {} : { blockedReason: plan.blockedReason }),
        ...(existing ? { existing: existing.id } : {}),
        ...(roll ? { roll } : {}),
      };
    },
    async *import({ paths, layout, ...wishes }, signal) {
      const plan = await withKnownRolls(store, await planImport(paths, layout, layoutOf));
      for await (const event of importDataset(plan, wishes, { store, engine }, signal)) {
        if (event.type === 'imported') emit();
        yield event;
      }
    },
    images({ dataset, known }) {
      store.datasets.get(dataset);
      if (!known) return { images: store.images.listByDataset(dataset).map(describeImage) };
      const images = store.images.listAfter(dataset, known.last).map(describeImage);
      const kept = store.images.idsUpTo(dataset, known.last);
      return { images, ...(kept.length !== known.count && { kept }) };
    },
    thumbnails: async ({ thumbnails }) => ({
      thumbnails: await Promise.all(thumbnails.map((name) => pictureOf(store, name))),
    }),
    path: ({ image }) => ({ path: store.images.get(image).path }),
    async *verify({ dataset }, signal) {
      for await (const event of verifyDataset(store, dataset, signal)) {
        if (event.type === 'verified') emit();
        yield event;
      }
    },
    rename({ dataset, name }) {
      store.datasets.rename(dataset, name);
      return changed(dataset);
    },
    relocate({ dataset, path }) {
      relocateDataset(store, dataset, path);
      return changed(dataset);
    },
    setIgnoreBorder({ dataset, ignoreBorder }) {
      store.datasets.setIgnoreBorder(dataset, ignoreBorder);
      return changed(dataset);
    },
    async remove({ dataset }) {
      const { root, name } = store.datasets.get(dataset);
      assertNoStation(store, dataset, name);
      store.datasets.remove(dataset);
      emit();
      await removeUploadIfUnused(store, root);
    },
    discardUpload: ({ upload }) => discardUpload(store, upload),
    watch: (_, signal) => changes.watch(signal),
    samples: async () => ({ path: await persistentSamples(store.home) }),
  };
}

/** @throws PerchError `CONFLICT` if the images of a station are in the dataset */
function assertNoStation(store: Store, dataset: number, name: string): void {
  const station = store.stations.list().find((each) => each.dataset === dataset);
  if (!station) return;
  throw new PerchError(
    'CONFLICT',
    `The dataset "${name}" has the pieces of the station "${station.name}". Remove the station first.`,
  );
}

/** A thumbnail in base64; null if it is missing. */
async function pictureOf({ blobs }: Store, name: string): Promise<string | null> {
  try {
    return (await blobs.read(name)).toString('base64');
  } catch (thrown) {
    if (thrown instanceof PerchError) return null;
    throw thrown;
  }
}
