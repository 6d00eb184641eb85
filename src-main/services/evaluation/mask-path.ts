import { basename, dirname, extname, join } from 'node:path';

/**
 * Where the MVTec AD layout keeps the mask of a test image: `ground_truth/<kind>/<stem>_mask.png` beside `test`.
 *
 * @returns undefined for images of the kind `good`, which are normal all over
 */
export function maskPathOf(image: string): string | undefined {
  const kind = basename(dirname(image));
  if (kind === 'good') return undefined;
  const classFolder = dirname(dirname(dirname(image)));
  return join(classFolder, 'ground_truth', kind, `${basename(image, extname(image))}_mask.png`);
}
