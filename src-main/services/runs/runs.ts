import os from 'node:os';
import { PerchError } from '../../common/api/errors.ts';
import type { Run, RunSplit } from '../../common/api/runs.ts';
import type { ProviderChoice } from '../../common/api/schemas.ts';
import type { EngineClient } from '../../engine/client/engine-client.ts';
import type { HardwareProfile } from '../../methods/cost-model/cost-model.ts';
import type { StoredImage } from '../../store/images.ts';
import type { NewRunItem } from '../../store/runs.ts';
import type { Store } from '../../store/store.ts';
import { Secrets } from '../../files/secrets.ts';
import { version } from '../../platform/version.ts';
import { Dispatcher } from '../queue/dispatcher.ts';
import { assertForWorkers } from '../queue/offer.ts';
import { QueueSource } from '../queue/queue-source.ts';
import type { Services } from '../types.ts';
import { RunDescriptions } from './describe-run.ts';
import { estimateMethods } from './estimate.ts';
import { isProcessDead, createWorkerId } from './lease.ts';
import { classesThatLack } from './lack-of-images.ts';
import { prepareMethod } from './prepare-method.ts';
import { RunEvents } from './run-events.ts';
import { RunWorker } from './run-worker.ts';
import { selectImages } from './select-images.ts';

/** The procedures for runs, and this process's worker. `close` leaves unfinished runs to the next process. */
export function openRuns(
  store: Store,
  engine: EngineClient,
  queue = new QueueSource(store.settings, new Secrets(store.home)),
): Services['runs'] & { close(): Promise<void> } {
  const owner = createWorkerId();
  const dispatcher = new Dispatcher({ store, source: queue, version }, () => events.changed());
  const descriptions = new RunDescriptions(store, owner, dispatcher, (run) => worker.rateOf(run));
  const events = new RunEvents(
    () => ({ type: 'runs', runs: descriptions.all() }),
    () => worker.haltedBy,
  );
  const worker: RunWorker = new RunWorker({ store, engine, owner, dispatcher }, events);

  /** Notifies listeners of a change and returns the run. */
  const changed = (run: number) => {
    worker.wake();
    events.changed();
    return descriptions.get(run);
  };

  return {
    watch: (_, signal) => events.watch(signal),
    list: async () => ({ runs: descriptions.all() }),
    async start({
      dataset,
      classes = null,
      split = 'test',
      images: chosen,
      methods,
      provider,
      first,
      skipQueued,
      place,
    }) {
      const wanted = chosen && new Set(chosen);
      const images = selectImages(store, dataset, classes, split).filter(({ id }) => wanted?.has(id) ?? true);
      const wantedItems = itemsFor(store, dataset, { images, split }, [...new Set(methods)]);
      const { skipped } = wantedItems;
      if (place === 'workers') assertWorkersCan(store, queue, images, methods);
      const items = skipQueued ? withoutQueued(store, wantedItems.items) : wantedItems.items;
      const run = store.runs.add(
        { dataset, classes, provider, skipped, ...(place && { place }) },
        items,
        owner,
      );
      if (first) store.runItems.prioritizeRun(run);
      return changed(run);
    },
    async pause({ run }) {
      store.runs.pause(run);
      return changed(run);
    },
    async resume({ run }) {
      store.runs.resume(run, owner, isProcessDead);
      return changed(run);
    },
    async cancel({ run }) {
      store.runs.cancel(run);
      return changed(run);
    },
    async retry({ run }) {
      store.runs.retry(run, owner, isProcessDead);
      return changed(run);
    },
    async remove({ run }) {
      store.runs.remove(run);
      worker.wake();
      events.changed();
    },
    async items({ run, ...page }) {
      store.runs.get(run);
      return store.runItems.list(run, page);
    },
    async prioritize({ images }) {
      store.runItems.prioritize(images);
    },
    async results({ dataset, method }) {
      store.datasets.get(dataset);
      return { results: store.results.listByMethod(dataset, method) };
    },
    async estimate({ dataset, classes = null, split, definitions, provider = 'auto' }, signal) {
      const hardware = await hardwareProfile(engine, provider, signal);
      const images = selectImages(store, dataset, classes, split);
      return { estimates: estimateMethods(store, hardware, images, definitions) };
    },
    claimOrphans: () => worker.claimOrphans(),
    useQueue: (target) => queue.use(target),
    async close() {
      worker.close();
      events.close();
      await dispatcher.close();
    },
  };
}

/** @throws PerchError `INVALID_ARGUMENT` if there is no queue, or only one machine can process a method or image */
function assertWorkersCan(
  store: Store,
  queue: QueueSource,
  images: readonly StoredImage[],
  methods: readonly number[],
): void {
  if (!queue.target)
    throw new PerchError(
      'INVALID_ARGUMENT',
      'No queue is set, so no worker can take part. Set its address first.',
    );
  for (const method of methods) {
    const { definition } = store.methods.get(method);
    if (definition) assertForWorkers(definition, images);
  }
}

const SPLIT_NAMES: Record<RunSplit, string> = { test: 'test ', train: 'training ', all: '' };

/** The engine's hardware profile; a typical one until the engine is ready. */
async function hardwareProfile(
  engine: EngineClient,
  provider: ProviderChoice,
  signal: AbortSignal,
): Promise<HardwareProfile> {
  const { info } = engine;
  const threads = os.availableParallelism();
  if (!info) return { isa: 'avx2', threads };
  const { name } = await engine.request('statisticDevice', { provider }, { signal });
  return { isa: info.isas[0], threads, cuda: name !== null };
}

/**
 * The items that no other run has queued.
 *
 * @throws PerchError `CONFLICT` if other runs have queued all remaining items
 */
function withoutQueued(store: Store, items: readonly NewRunItem[]): NewRunItem[] {
  const queued = store.runItems.listQueued();
  const runOf = ({ image, method, done }: NewRunItem) =>
    done ? undefined : queued.get(`${image} ${method}`);
  const left = items.filter((item) => runOf(item) === undefined);
  if (left.length === items.length || left.some(({ done }) => !done)) return left;
  const runs = [...new Set(items.flatMap((item) => runOf(item) ?? []))];
  throw new PerchError(
    'CONFLICT',
    `These inspections are already queued in run ${runs.join(', ')}. Wait for that run, or resume it if it is paused.`,
  );
}

/**
 * A run's items, by image, and what its methods skip. Methods with the same features are adjacent, so that features are extracted
 * once.
 *
 * @throws PerchError `NO_IMAGES` if there is nothing to inspect; the reason, if a method cannot be used, or none has the images
 * that it compares with
 */
function itemsFor(
  store: Store,
  dataset: number,
  { images, split }: { images: readonly StoredImage[]; split: RunSplit },
  methods: readonly number[],
): { items: NewRunItem[]; skipped: Run['skipped'] } {
  if (images.length === 0) {
    throw new PerchError(
      'NO_IMAGES',
      `These classes have no ${SPLIT_NAMES[split]}images. Choose others, or import the dataset again.`,
    );
  }
  const prepared = methods.map((id) => prepareMethod(store, dataset, store.methods.get(id)));
  const featuresOf = (at: number) => {
    const { definition } = prepared[at];
    return 'extractor' in definition ? `${definition.extractor} ${definition.resize ?? ''}` : '';
  };
  const order = [...methods.keys()].sort((a, b) => (featuresOf(a) < featuresOf(b) ? -1 : 1));
  const items = images.flatMap((image) =>
    order
      .filter((at) => prepared[at].lackOf(image) === undefined)
      .map((at) => ({
        image: image.id,
        method: methods[at],
        done: store.results.find(prepared[at].keyOf(image)) !== undefined,
      })),
  );
  // Names the method, the class and the remedy.
  if (items.length === 0) prepared[0].keyOf(images[0]);
  const skipped = prepared.flatMap(({ lackOf }, at) => {
    const classes = classesThatLack(images, lackOf);
    return classes ? [{ method: methods[at], ...classes }] : [];
  });
  return { items, skipped };
}
