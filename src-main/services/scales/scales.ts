import { isSameScale } from '../../common/scale.ts';
import type { Store } from '../../store/store.ts';
import type { Services } from '../types.ts';
import { fileScales } from './file-scales.ts';
import { setScale } from './set-scale.ts';

/** The procedures for the scales of classes. */
export function openScales(store: Store): Services['scales'] {
  return {
    list({ dataset }) {
      store.datasets.get(dataset);
      const scales = store.classScales.list(dataset);
      const proposals = store.datasets.countClasses(dataset).flatMap(({ textureClass }) => {
        const own = scales.find((scale) => scale.textureClass === textureClass)?.scale ?? null;
        return fileScales(store, dataset, textureClass).filter(({ scale }) => !isSameScale(scale, own));
      });
      return { scales, proposals };
    },
    set: (change) => setScale(store, change),
  };
}
