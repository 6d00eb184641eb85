import type { Problem } from '../../common/api/datasets.ts';
import { openMask } from '../masks/mask.ts';
import type { OpenedImage } from '../readers/open-image.ts';

/** The reader's notes, except on bit depth: a dataset decides the bit depth of a class and reports it once. */
export function noteProblems(path: string, { notes }: Pick<OpenedImage, 'notes'>): Problem[] {
  return notes
    .filter(({ kind }) => kind !== 'bit-depth')
    .map(({ message }) => ({ kind: 'note', path, message: `${path}: ${message}` }));
}

/** The masks that have as many pages as the image. Page N of such a mask belongs to page N of the image. */
export async function masksWithPages(
  masks: readonly string[],
  pages: number,
  maxPixels: number,
): Promise<string[]> {
  const found: string[] = [];
  for (const mask of masks) {
    const maskPages = await openMask(mask, maxPixels).then(
      (opened) => opened.pages,
      () => 0,
    );
    if (maskPages === pages) found.push(mask);
  }
  return found;
}

export function maskWithoutPage(mask: string, image: string, pages: number): Problem {
  const message = `Ignored ${mask}: its image ${image} has ${pages} pages, and the mask does not have one for each.`;
  return { kind: 'mask-without-image', path: mask, message };
}
