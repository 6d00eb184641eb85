import type { RollDirection } from '../../common/api/rolls.ts';
import type { Crop } from '../../common/geometry.ts';
import { pagePath } from '../../files/paged-path.ts';
import type { StoredImage } from '../../store/images.ts';

/**
 * Where an image's pixels are: in a file, a page of a file, a rectangle in a file, or the frames of a folder. Includes the bit depth.
 */
export function imageSource({
  path,
  tileIndex,
  crop,
  bitDepth,
  direction,
}: Pick<StoredImage, 'path' | 'tileIndex' | 'crop' | 'bitDepth' | 'direction'>): {
  path: string;
  crop?: Crop;
  bitDepth?: number;
  direction?: RollDirection;
} {
  const depth = bitDepth === undefined ? {} : { bitDepth };
  if (crop) return { path, crop, ...depth };
  if (direction) return { path, direction, ...depth };
  return { path: tileIndex > 0 ? pagePath(path, tileIndex) : path, ...depth };
}
