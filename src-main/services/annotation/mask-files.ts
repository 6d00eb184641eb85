import { basename, extname } from 'node:path';
import type { StoredImage } from '../../store/images.ts';

/** Folder for masks of images without a defect type. */
const NO_KIND = 'defect';

/**
 * The path of each image's mask in the MVTec AD layout: image id -> `<class>/ground_truth/<defect
 * type>/<stem>_mask.png`.
 *
 * Every image of the dataset has its own path, with or without a mask, so that an import finds the image of an exported mask.
 * The mask of a folder of frames has the folder's name. Tiles of a strip get the suffix `_part<N>`, other images with the same stem `_2`, `_3`, ... in the dataset's order.
 */
export function maskFiles(images: readonly StoredImage[]): Map<number, string> {
  const taken = new Set<string>();
  return new Map(
    images.map((image) => {
      const part = image.tileIndex > 0 ? `_part${image.tileIndex}` : '';
      const extension = image.direction ? '' : extname(image.path);
      const stem = `${basename(image.path, extension)}${part}`;
      const folder = `${folderName(image.textureClass)}/ground_truth/${folderName(image.defectType || NO_KIND)}`;
      const file = uniqueName(`${folder}/${stem}`, taken);
      return [image.id, file];
    }),
  );
}

function uniqueName(wish: string, taken: Set<string>): string {
  for (let count = 1; ; count++) {
    const name = `${wish}${count === 1 ? '' : `_${count}`}_mask.png`;
    // Some file systems are case-insensitive.
    if (taken.has(name.toLowerCase())) continue;
    taken.add(name.toLowerCase());
    return name;
  }
}

/** Converts a class or defect type to a folder name. */
function folderName(name: string): string {
  // eslint-disable-next-line no-control-regex
  return name.replace(/[/\\:*?"<>|\u0000-\u001f]/g, '-').replace(/^(\.+|$)/, '-');
}
