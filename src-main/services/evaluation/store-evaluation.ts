import type { StoredEvaluation } from '../../store/evaluations.ts';
import type { Store } from '../../store/store.ts';

/**
 * Maximum number of cached evaluations per class and method: enough for a few borders, limits and revisions
 * of ground truth. Without a limit, every stroke of an annotation would add one.
 */
const KEPT = 12;

/** Caches an evaluation and removes the oldest ones. */
export function storeEvaluation(store: Store, evaluation: StoredEvaluation): void {
  store.evaluations.add(evaluation);
  store.blobs.discard(store.evaluations.prune(evaluation, KEPT));
}
