import type { UnsavedAction, UnsavedChange } from '../../src-main/common/api/desktop.ts';
import type { SaveState } from '../annotation/autosave.svelte.ts';
import type { Workstation } from './workstation.svelte.ts';

/** How long answers are waited for before the window closes. */
const IDLE_MS = 2000;

/**
 * Has everything of the window saved, or discarded, before it closes.
 *
 * @returns the changes that are still not in the store
 */
export async function settleChanges(station: Workstation, action: UnsavedAction): Promise<UnsavedChange[]> {
  const { annotator, reviews, thresholds } = station;
  if (action === 'discard') {
    await annotator.discard();
    return [];
  }
  await Promise.all([thresholds.flush(), reviews.current?.saved(), annotator.saveAgain()]);
  // Settings, names, marks: what was asked of the host is carried out first. Long questions are not waited for.
  await Promise.race([station.connection.idle(), new Promise((resolve) => setTimeout(resolve, IDLE_MS))]);
  const [first] = annotator.unsaved;
  if (action === 'save' && first) {
    station.catalogue.choose(first.dataset);
    station.selection.look(first.image);
    station.address.screen = 'annotate';
    await annotator.settle(first);
  }
  return annotator.unsaved.map(({ image, saving }) => ({
    title: `The mask of ${image.name}`,
    reason: reasonOf(saving.state),
  }));
}

function reasonOf(state: SaveState): string {
  switch (state.kind) {
    case 'unsigned':
      return 'It has no author: no operator name is set.';
    case 'conflict':
      return 'Another person saved a different mask of this image in the meantime.';
    case 'failed':
      return state.error.message;
    default:
      return 'Saving it has not finished.';
  }
}
