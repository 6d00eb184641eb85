import type { UnsavedAction, UnsavedChange } from '../../src-main/common/api/desktop.ts';
import type { SaveState } from '../annotation/autosave.svelte.ts';
import type { Stores } from './stores.ts';

/** Longest wait for pending calls before the window closes. */
const IDLE_MS = 2000;

/**
 * Saves or discards all changes before the window closes.
 *
 * @returns the changes that are still unsaved
 */
export async function settleChanges(stores: Stores, action: UnsavedAction): Promise<UnsavedChange[]> {
  const { annotation, calibration, connection, datasets, reviews, router, selection, thresholds } = stores;
  if (action === 'discard') {
    await annotation.discard();
    for (const draft of calibration.unsaved) draft.discard();
    return [];
  }
  await Promise.all([thresholds.flush(), reviews.current?.whenSaved(), annotation.saveAll()]);
  // Waits for pending calls that change settings or data, but not for long reads.
  await Promise.race([connection.idle(), new Promise((resolve) => setTimeout(resolve, IDLE_MS))]);
  const [first] = annotation.unsaved;
  const [draft] = calibration.unsaved;
  if (action === 'save' && first) {
    datasets.select(first.dataset);
    selection.open(first.image);
    router.screen = 'annotate';
    await annotation.settle(first);
  } else if (action === 'save' && draft) {
    // A revision needs the consent of its author: show it.
    const [use] = draft.recipe.uses;
    if (use) datasets.select(use.dataset, use.textureClass);
    router.screen = 'recipe';
  }
  const masks = annotation.unsaved.map(({ image, autosave }) => ({
    title: `The mask of ${image.name}`,
    reason: reasonOf(autosave.state),
  }));
  const drafts = calibration.unsaved.map(({ recipe }) => ({
    title: `The changed recipe ${recipe.name}`,
    reason: 'It is not saved as a revision.',
  }));
  return [...masks, ...drafts];
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
