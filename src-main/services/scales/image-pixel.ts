import { pixelSize, type PixelSize } from '../../common/scale.ts';
import type { StoredImage } from '../../store/images.ts';
import type { Store } from '../../store/store.ts';

/** Width and height of an image's pixel in millimeters, by its roll or its class; undefined if they are unknown. */
export function imagePixel(
  store: Store,
  { id, dataset, textureClass }: Pick<StoredImage, 'id' | 'dataset' | 'textureClass'>,
): PixelSize | undefined {
  const roll = store.rolls.find(id);
  const scale = roll?.scale ?? store.classScales.find(dataset, textureClass);
  return scale ? pixelSize(scale, roll?.direction) : undefined;
}
