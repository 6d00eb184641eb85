import type { InspectionRegion } from '../../common/api/regions.ts';
import type { StoredImage } from '../../store/images.ts';
import type { Store } from '../../store/store.ts';

/** The current inspection region of each image's class; null for the whole image. */
export function classRegions(
  store: Store,
  dataset: number,
): (image: Pick<StoredImage, 'textureClass'>) => InspectionRegion | null {
  const regions = new Map(
    store.classRegions.list(dataset).map(({ textureClass, region }) => [textureClass, region]),
  );
  return ({ textureClass }) => regions.get(textureClass) ?? null;
}
