import type { Crop } from '../../common/geometry.ts';
import { pagePath } from '../../files/paged-path.ts';
import type { StoredImage } from '../../store/images.ts';

/**
 * Where an image's pixels are: in a file, a page of a file, or a rectangle in a file. Includes the bit depth.
 */
export function imageSource({
  path,
  tileIndex,
  crop,
  bitDepth,
}: Pick<StoredImage, 'path' | 'tileIndex' | 'crop' | 'bitDepth'>): {
  path: string;
  crop?: Crop;
  bitDepth?: number;
} {
  const depth = bitDepth === undefined ? {} : { bitDepth };
  if (crop) return { path, crop, ...depth };
  return { path: tileIndex > 0 ? pagePath(path, tileIndex) : path, ...depth };
}
