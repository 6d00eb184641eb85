import type { UnsavedAction, UnsavedChange } from '../../src-main/common/api/desktop.ts';
import type { SaveState } from '../annotation/autosave.svelte.ts';
import type { Stores } from './stores.ts';

/** How long answers are waited for before the window closes. */
const IDLE_MS = 2000;

/**
 * Has everything of the window saved, or discarded, before it closes.
 *
 * @returns the changes that are still not in the store
 */
export async function settleChanges(stores: Stores, action: UnsavedAction): Promise<UnsavedChange[]> {
  const { annotation, connection, datasets, reviews, router, selection, thresholds } = stores;
  if (action === 'discard') {
    await annotation.discard();
    return [];
  }
  await Promise.all([thresholds.flush(), reviews.current?.whenSaved(), annotation.saveAll()]);
  // Settings, names, marks: what was asked of the host is carried out first. Long questions are not waited for.
  await Promise.race([connection.idle(), new Promise((resolve) => setTimeout(resolve, IDLE_MS))]);
  const [first] = annotation.unsaved;
  if (action === 'save' && first) {
    datasets.select(first.dataset);
    selection.open(first.image);
    router.screen = 'annotate';
    await annotation.settle(first);
  }
  return annotation.unsaved.map(({ image, autosave }) => ({
    title: `The mask of ${image.name}`,
    reason: reasonOf(autosave.state),
  }));
}

function reasonOf(state: SaveState): string {
  switch (state.kind) {
    case 'no-author':
      return 'No operator name is set.';
    case 'conflict':
      return 'The mask was changed elsewhere in the meantime.';
    case 'failed':
      return state.error.message;
    default:
      return 'It is still being saved.';
  }
}
