import type { UsedRange } from '../../store/images.ts';
import type { StoredStation } from '../../store/stations.ts';
import type { Store } from '../../store/store.ts';

/**
 * The bit depth of a 16-bit piece: that of the dataset, or the largest that a piece of the station has used, because one camera has
 * one depth. Earlier pieces keep theirs.
 */
export function pieceBitDepth(
  store: Store,
  { dataset, textureClass }: Pick<StoredStation, 'dataset' | 'textureClass'>,
  { bits }: UsedRange,
): number {
  const chosen = store.datasets.get(dataset).bitDepth;
  return chosen ?? Math.max(bits, store.images.largestBitDepth(dataset, textureClass) ?? 0);
}
