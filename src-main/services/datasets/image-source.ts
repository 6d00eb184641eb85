import type { Crop } from '../../api/datasets.ts';
import { pagePath } from '../../files/paged-path.ts';
import type { StoredImage } from '../../store/images.ts';

/** Where the pixels of an image are: a file, a page of a file, or a rectangle of one. */
export function imageSource({ path, part, crop }: Pick<StoredImage, 'path' | 'part' | 'crop'>): {
  path: string;
  crop?: Crop;
} {
  if (crop) return { path, crop };
  return { path: part > 0 ? pagePath(path, part) : path };
}
