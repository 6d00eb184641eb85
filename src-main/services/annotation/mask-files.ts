import { basename, extname } from 'node:path';
import type { StoredImage } from '../../store/images.ts';

/** The kind that masks go under whose images lie in no folder of a kind. */
const NO_KIND = 'defect';

/**
 * Where the mask of each image lies in the MVTec AD layout: image id -> `<class>/ground_truth/<kind>/<stem>_mask.png`.
 *
 * Every image of the dataset has a path of its own, whether it has a mask or not, so that what was exported finds its image
 * again. Parts of a strip are reported apart by `_part<N>`, other images of the same stem by `_2`, `_3`, ... in the dataset's order.
 */
export function maskFiles(images: readonly StoredImage[]): Map<number, string> {
  const taken = new Set<string>();
  return new Map(
    images.map((image) => {
      const part = image.tileIndex > 0 ? `_part${image.tileIndex}` : '';
      const stem = `${basename(image.path, extname(image.path))}${part}`;
      const folder = `${folderName(image.textureClass)}/ground_truth/${folderName(image.defectType || NO_KIND)}`;
      const file = uniqueName(`${folder}/${stem}`, taken);
      return [image.id, file];
    }),
  );
}

function uniqueName(wish: string, taken: Set<string>): string {
  for (let count = 1; ; count++) {
    const name = `${wish}${count === 1 ? '' : `_${count}`}_mask.png`;
    // Some file systems do not emit capitals from small letters.
    if (taken.has(name.toLowerCase())) continue;
    taken.add(name.toLowerCase());
    return name;
  }
}

/** A class or kind as the name of one folder. */
function folderName(name: string): string {
  // eslint-disable-next-line no-control-regex
  return name.replace(/[/\\:*?"<>|\u0000-\u001f]/g, '-').replace(/^(\.+|$)/, '-');
}
