import type { StoredEvaluation } from '../../store/evaluations.ts';
import type { Store } from '../../store/store.ts';

/**
 * Evaluations that are kept of a class by one method: those of a few borders, limits and states of its ground truth. Without an
 * end every stroke of an annotation would leave one.
 */
const KEPT = 12;

/** Keeps what was computed, in place of the oldest of its kind. */
export function storeEvaluation(store: Store, evaluation: StoredEvaluation): void {
  store.evaluations.add(evaluation);
  store.blobs.discard(store.evaluations.prune(evaluation, KEPT));
}
