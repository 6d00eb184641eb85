import { PerchError } from '../../common/api/errors.ts';
import type { Store } from '../../store/store.ts';
import type { Services } from '../types.ts';
import { setRegion } from './set-region.ts';

/** The procedures for inspection regions. */
export function openRegions(store: Store): Services['regions'] {
  return {
    list({ dataset }) {
      store.datasets.get(dataset);
      return { regions: store.classRegions.list(dataset) };
    },
    set: (change) => setRegion(store, change),
    propose() {
      throw new PerchError('INTERNAL', 'Proposals are not available yet.');
    },
  };
}
