import { basename, dirname, extname, join } from 'node:path';

/**
 * The mask path of a test image in the MVTec AD layout: `ground_truth/<defect type>/<stem>_mask.png`, next to
 * `test`.
 *
 * @returns undefined for normal images, which are in the folder `good`
 */
export function maskPathOf(image: string): string | undefined {
  const kind = basename(dirname(image));
  if (kind === 'good') return undefined;
  const classFolder = dirname(dirname(dirname(image)));
  return join(classFolder, 'ground_truth', kind, `${basename(image, extname(image))}_mask.png`);
}
