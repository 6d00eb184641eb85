import type { EngineClient } from '../../engine/client/engine-client.ts';
import type { Store } from '../../store/store.ts';
import { imageSource } from '../datasets/image-source.ts';
import { DEFAULT_MAX_PIXELS } from '../inspections/max-pixels.ts';
import type { Services } from '../types.ts';
import { summarizeImportedMaps } from './imported-maps.ts';
import { setRegion } from './set-region.ts';

/** The procedures for inspection regions. */
export function openRegions(store: Store, engine: EngineClient): Services['regions'] {
  return {
    list({ dataset }) {
      store.datasets.get(dataset);
      return { regions: store.classRegions.list(dataset) };
    },
    set(change, signal) {
      setRegion(store, change);
      return summarizeImportedMaps(store, change.dataset, signal);
    },
    propose({ image: id }, signal) {
      const { width, height, ...image } = store.images.get(id);
      const request = { ...imageSource(image), width, height, maxPixels: DEFAULT_MAX_PIXELS };
      return engine.request('proposeRegions', request, { signal });
    },
  };
}
