import { onMount } from 'svelte';
import { bridge } from '../api/bridge.ts';
import { displayStateOf } from '../state/second-window/display-sync.ts';
import { watch } from '../reactivity/watch.svelte.ts';
import { followDesktop } from './desktop-commands.ts';
import { loadFromHost, openDataset, openThresholds } from './host-updates.ts';
import { recoverDrafts } from './recover-drafts.ts';
import type { Stores } from './stores.ts';

/** Maximum number of methods whose disagreement is computed. */
const MAX_COMPARED = 20;

/** Connects the main window and keeps its stores synchronized. Call it in a component. */
export function startMainWindow(stores: Stores): void {
  stores.router.sync();
  followDataset(stores);
  loadDisagreement(stores);
  hideImagesUnderReview(stores);
  reportMissingImage(stores);
  watch(
    () => displayStateOf(stores),
    (state) => stores.secondWindow.publish(state),
  );
  watch(
    () => stores.router.session,
    (session) => void stores.reviews.openRequested(session),
  );
  saveBeforeUnload(stores);
  const { alarmSound, settings, stations } = stores;
  alarmSound.follow(() => settings.values.alarmSound && stations.alarms.length > 0);
  void stores.connection.connect(() => loadFromHost(stores));
  void recoverDrafts(stores);
  if (bridge) followDesktop(bridge, stores);
}

/** Connects a second window, which shows the state that the main window publishes. Call it in a component. */
export function startSecondWindow(stores: Stores): void {
  followDataset(stores);
  void stores.connection.connect(() => loadFromHost(stores));
}

function followDataset(stores: Stores): void {
  const { datasets, methods } = stores;
  watch(
    () => datasets.current?.id,
    (dataset) => openDataset(stores, dataset),
  );
  watch(
    () => [datasets.current?.id, methods.selectedId] as const,
    (key) => openThresholds(stores, ...key),
  );
}

/** Computes disagreement only while images are filtered or sorted by it. */
function loadDisagreement({ datasets, disagreement, methods, selection }: Stores): void {
  watch(
    () => ({
      dataset: datasets.selectedId,
      needed: selection.filter.disagreement !== undefined || selection.order.by === 'disagreement',
      methods: methods.used,
    }),
    ({ dataset, needed, methods: used }) => {
      const compared = used.slice(0, MAX_COMPARED).map(({ id }) => id);
      if (dataset !== undefined && needed) void disagreement.load(dataset, compared);
    },
  );
}

function hideImagesUnderReview({ datasets, reviews }: Stores): void {
  watch(
    () => reviews.blinding,
    (blinding) => (datasets.blinding = blinding),
  );
}

/** Shows a notice when the address names an image that the dataset does not have. */
function reportMissingImage({ datasets, selection }: Stores): void {
  watch(
    () => {
      const { requestedId, image } = selection;
      const { byId, images } = datasets;
      return requestedId !== undefined && images.length > 0 && !byId.has(requestedId)
        ? (image?.name ?? '')
        : undefined;
    },
    (shown) => {
      if (shown === undefined) return;
      selection.requestedId = undefined;
      datasets.reportMissingImage(shown);
    },
  );
}

function saveBeforeUnload({ annotation, thresholds }: Stores): void {
  onMount(() => {
    const flush = () => void thresholds.flush();
    addEventListener('pagehide', flush);
    return () => removeEventListener('pagehide', flush);
  });
  onMount(() => {
    // A browser asks before it leaves a page with unsaved changes. On the desktop, the host asks
    // (desktop-commands.ts).
    const hold = (event: BeforeUnloadEvent) => {
      if (!annotation.pending) return;
      event.preventDefault();
      void annotation.saveAll();
    };
    addEventListener('beforeunload', hold);
    return () => removeEventListener('beforeunload', hold);
  });
}
